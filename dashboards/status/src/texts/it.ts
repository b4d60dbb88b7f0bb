import type { Texts } from "./texts";

const list = (names: string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} e ${names[names.length - 1]}`;

export const italian: Texts = {
  pageTitle: "Stato",
  skip: "Vai al contenuto",
  nav: { now: "Adesso", incidents: "Incidenti", probes: "Sonde" },
  settings: { language: "Lingua", zone: "Fuso orario", theme: "Colori", auto: "Come il sistema", light: "Chiari", dark: "Scuri" },
  headline: {
    operational: "Tutto ciò che controlliamo funziona",
    degraded: "Qualcosa è più lento del solito",
    outage: "C'è un disservizio",
    unknown: "Al momento non si sa nulla",
    starting: "Appena avviato: arrivano i primi risultati",
    partly: "Ciò che sappiamo funziona",
    offline: "La nostra rete non funziona",
  },
  startingDetail: (unknown, all) => `${unknown} funzioni su ${all} vengono interrogate per la prima volta. Ci vuole qualche minuto.`,
  partlyDetail: (unknown, all) => `Di ${unknown} funzioni su ${all} non si sa nulla: le loro sonde non hanno avuto risposte che dicano qualcosa.`,
  offlineDetail: (failing, controls) =>
    `Anche ${failing} host di controllo su ${controls}, estranei alle piattaforme, non rispondono: il problema è nostro e delle piattaforme non si può dire nulla finché non si risolve.`,
  asOf: (time, site) => `Alle ${time}, visto da ${site}`,
  live: "In diretta",
  streamLost: "Nessun flusso in diretta: aggiornato ogni pochi secondi",
  daemonLost: (time) => `Il monitor non risponde. Questi dati sono delle ${time} e possono essere superati.`,
  asLoaded: "Il monitor non risponde. Questi dati sono di quando la pagina è stata caricata; la pagina riprova da sola.",
  nothingYet: "Il monitor non risponde e non si sa ancora nulla. La pagina riprova da sola.",
  state: {
    operational: "Funziona", degraded_performance: "Lento", partial_outage: "Fallisce in parte", major_outage: "Fuori servizio",
    under_maintenance: "Manu\u00ADtenzione", unknown: "Scono\u00ADsciuto", none: "Nessun dato",
  },
  platforms: { whatsapp: "WhatsApp", instagram: "Instagram", facebook: "Facebook", own: "I nostri siti", control: "Host di controllo", vendor: "Pagine di stato dei fornitori" },
  functions: { "media-upload": "Invio di media", "media-download": "Scarica\u00ADmento di media", "feed-load": "Feed", message: "Messaggi", login: "Accesso", web: "Web", dns: "Nomi (DNS)", edge: "Server" },
  matrix: { title: "Che cosa si può fare", caption: "Stato di ogni funzione su ogni piattaforma", fails: "fallisce", p95: "dei riusciti, il 95 % entro", platform: "Piattaforma", notProbed: "non controllato", ago: (d) => `${d} fa`, figures: "Millisecondi: dei tentativi riusciti, il 95 % finisce entro questo tempo, negli ultimi 15 minuti, o in due giri di una sonda più rara: allora si legge quanto è vecchia l’ultima risposta. La linea è l’ultima ora, rossa dove i tentativi sono falliti.", legend: "Ogni segno ha un colore, una forma e una parola." },
  network: {
    title: "La nostra rete", online: (ok, all) => `A posto: rispondono ${ok} host di controllo su ${all}.`,
    offline: (since) => `Non funziona dalle ${since}.`, unknown: "Non ancora valutata.",
  },
  vendor: {
    title: "Che cosa dicono le piattaforme", none: "Non si sa nulla di ciò che dicono le piattaforme.", fine: "nessun problema noto", othersFine: (count) => `nessun problema noto per altri ${count}`,
    since: (time) => `dalle ${time}`, read: (time) => `letto il ${time}`, said: (time) => `registrato alle ${time}`,
  },
  maintenance: {
    title: "Manutenzione", untitled: "Manutenzione", until: (time) => `in corso fino alle ${time}`, from: (time, duration) => `dalle ${time}, per ${duration}`, repeats: "si ripete",
    everyPlatform: "Tutte le piattaforme", everything: "tutto",
  },
  incidents: {
    open: "In corso", past: "Prima", none: "Nessun incidente in corso.", noneEver: "Nessun incidente negli ultimi 90 giorni.",
    since: (time, lasted) => `dalle ${time}, da ${lasted}`, lasted: (lasted) => `durato ${lasted}`,
    works: "Funziona ancora", affected: "Colpiti", timeline: "Cronologia", more: (count) => `${count} voci precedenti`, details: "L'incidente per intero", report: "Rapporto (Markdown)",
    began: "Primo risultato negativo", detected: "Rilevato", ended: "Ultimo risultato negativo", resolved: "Risolto", after: (d) => `dopo ${d}`,
    worst: "Al peggio", where: "Dove si rompe", evidence: "Per esempio", back: "Tutti gli incidenti", notFound: "Questo incidente non esiste.",
  },
  severity: { minor: "Lieve", major: "Grave", critical: "Critico" },
  incidentState: { investigating: "In esame", identified: "Causa localizzata", monitoring: "Ripresa sotto osservazione", resolved: "Risolto" },
  update: {
    detected: "Rilevato", joined: "Si aggiunge", severity: "Gravità", diagnosis: "Diagnosi", acknowledged: "Preso in carico", vendor: "La piattaforma dice",
    note: "Nota", hypothesis: "Ipotesi", site: "La nostra rete", monitoring: "Osservazione", relapsed: "Ricaduta", recovered: "Ripreso", resolved: "Risolto", reopened: "Riaperto",
  },
  title: (functions, platforms, slow) => `${list(functions.map((f, i) => (i ? f.toLowerCase() : f)))}: ${slow ? "lentezza" : "errori"} su ${list(platforms)}`,
  and: "e",
  days: {
    title: "Gli ultimi 90 giorni", today: "oggi", ago: (days) => `${days} giorni fa`, ok: "nessun disservizio", down: (d) => `${d} di disservizio`, slow: (d) => `${d} di lentezza`,
    nothing: "nessun dato", explained: "Quota del tempo osservato senza disservizi.", share: (percent, of) => `${percent} di ${of} senza disservizi`,
  },
  component: {
    time: "Ora", latency: "Latenza per fase", success: "Riuscita", layers: "Errori per livello",
    phases: { dns: "Nome", connect: "Connessione", tls: "TLS", send: "Invio", wait: "Primo byte", receive: "Ricezione" },
    window: "Periodo", noData: "Ancora nessun risultato in questo periodo.", probes: "Le sue sonde", incidents: "I suoi incidenti", noIncidents: "Nessuno negli ultimi 90 giorni.", days: "Gli ultimi 90 giorni", now: (window) => `Ultimo periodo (${window})`, median: "dei riusciti, la metà entro", failed: (failures, attempts) => `${failures} tentativi su ${attempts} falliti`, noFailures: "Nessun errore in questo periodo.",
    layer: { dns: "DNS", tcp: "TCP", tls: "TLS", http: "HTTP", api: "API", content: "Contenuto", timeout: "Tempo scaduto", local: "Questa macchina" },
    notFound: "Nessuna sonda controlla questo componente.",
  },
  probes: {
    title: "Sonde", probe: "Sonda", component: "Componente", every: "Ogni", tier: "Richiede", last: "Ultima esecuzione", state: "Stato", problems: "Sonde che non possono chiedere come si deve",
    problemsExplained: "Non sono disservizi: manca un nostro token, una quota o una configurazione.",
    states: { active: "Attiva", "not configured": "Non configurata", disabled: "Spenta", gone: "Rimossa" }, tiers: { public: "Niente", authenticated: "Un account" },
    classes: { success: "Riuscita", platform_failure: "La piattaforma fallisce", blocked: "Bloccata", our_fault: "Colpa nostra", our_network: "La nostra rete" },
    never: "Mai eseguita", none: "Nessuna sonda è configurata.", alone: (time) => `lasciata in pace fino alle ${time}`,
    budgets: "Richieste dell'ultima ora", budgetsExplained: "Quanto è stato chiesto a ciascun proprietario, e quanto si può chiedere al massimo.", budgetsAt: (time) => `Alle ${time}.`,
    owner: "Proprietario", requests: "Richieste", bytes: "Byte", of: (spent, most) => `${spent} di ${most}`, unbounded: (spent) => `${spent}, senza limite`,
  },
  footer: { words: "Misurato dall'esterno con outaged; non gestito dalle piattaforme.", api: "API", feed: "Feed", metrics: "Metriche" },
};
