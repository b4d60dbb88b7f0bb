// What the daemon tells in sentences, in Italian. The daemon makes them in English from a few patterns with values in
// them (src/incident/wording.cpp and its neighbours); each stands here beside what it is in Italian. A text that is not
// made of these alone stays as it is: what somebody wrote in their own words, or a daemon newer than its page.

/// A value may have a digit behind its kind, where a sentence has several of one; "{count|errore|errori}" is the word that
/// agrees with {count}. `example` is what a platform answered.
const kSentences: [string, string][] = [
  ["Answers were slow from {clock} UTC on; none is now.", "Le risposte sono state lente dalle {clock} UTC; ora nessuna lo è."],
  ["Answers have been unusually slow since {clock} UTC.", "Le risposte sono insolitamente lente dalle {clock} UTC."],
  [
    "Attempts failed from {clock} UTC on; none fails now, but answers are slow.",
    "Dalle {clock} UTC ci sono stati tentativi falliti; ora nessuno fallisce, ma le risposte sono lente.",
  ],
  ["Attempts failed from {clock} UTC on; none fails now.", "Dalle {clock} UTC ci sono stati tentativi falliti; ora nessuno fallisce."],
  ["It still answers, but {words}.", "Risponde ancora, ma: {words}."],
  ["{share} fail now; it began at {clock} UTC.", "Tentativi che falliscono ora: {share}; è iniziato alle {clock} UTC."],
  ["{share} failed at last; it began at {clock} UTC.", "Tentativi falliti da ultimo: {share}; è iniziato alle {clock} UTC."],
  ["The names of {who} cannot be resolved (DNS){example}.", "Dove: {who}, i nomi non si risolvono (DNS){example}."],
  ["Connections to {who} fail (TCP){example}.", "Dove: {who}, le connessioni falliscono (TCP){example}."],
  ["Secure connections to {who} fail (TLS){example}.", "Dove: {who}, le connessioni sicure falliscono (TLS){example}."],
  ["{who} answer{s} with HTTP errors{example}.", "Dove: {who}, le risposte sono errori HTTP{example}."],
  ["{who} answer{s} with API errors{example}.", "Dove: {who}, le risposte sono errori dell’API{example}."],
  ["{who} deliver{s} wrong or incomplete content{example}.", "Dove: {who}, i contenuti sono sbagliati o incompleti{example}."],
  ["{who} do{s} not answer in time{example}.", "Dove: {who}, nessuna risposta in tempo{example}."],
  ["The reason is on this machine{example}.", "La causa è su questa macchina{example}."],
  ["The one failure is {what} ({pattern}).", "L’unico errore: {what} ({pattern})."],
  ["All {count} failures are {what} ({pattern}).", "Tutti i {count} errori: {what} ({pattern})."],
  ["{count} of {count2} failures are {what} ({pattern}).", "{count} {count|errore|errori} su {count2}: {what} ({pattern})."],
  ["Answers of {count} component{s} come late, none fails ({pattern}).", "Componenti con risposte in ritardo: {count}; nessuno fallisce ({pattern})."],
  ["Flapping: it has come back {count} times.", "Va e viene: è tornato {count} volte."],
  ["Still working: {parts}.", "Funziona ancora: {parts}."],
  ["Working again: {parts}.", "Funziona di nuovo: {parts}."],
  ["Our own network is not checked: there are no control probes.", "La nostra rete non è controllata: non ci sono sonde di controllo."],
  ["Our own network is down now, so the present state is not known.", "Ora la nostra rete non funziona: lo stato attuale non si conosce."],
  ["Of our own network nothing is known: the control probes do not answer.", "Della nostra rete non si sa nulla: le sonde di controllo non rispondono."],
  ["Our own network is fine.", "La nostra rete è a posto."],
  ["Our own network is back.", "La nostra rete è tornata."],
  ["Our own network is down ({count} of {count2} control hosts fail).", "La nostra rete non funziona ({count} host di controllo su {count2} non {count|risponde|rispondono})."],
  ["Until it is back, nothing is known of the platforms; the incident stays as it is.", "Finché non torna, delle piattaforme non si sa nulla; l’incidente resta com’è."],
  ["The names could not be resolved (DNS).", "I nomi non si risolvevano (DNS)."],
  ["No connection came about (TCP).", "Le connessioni non riuscivano (TCP)."],
  ["No secure connection came about (TLS).", "Le connessioni sicure non riuscivano (TLS)."],
  ["The media tier failed, the rest of the platforms worked.", "Non andavano i media, il resto delle piattaforme sì."],
  ["Log-in failed.", "L’accesso falliva."],
  ["The servers answered, with errors or wrong content.", "I server rispondevano, con errori o contenuti sbagliati."],
  ["Answers came late, none failed.", "Le risposte erano in ritardo, nessuna falliva."],
  ["It lasted {duration}, from {clock} to {clock2} UTC.", "È durato {duration}, dalle {clock} alle {clock2} UTC."],
  ["Over.", "Finito."],
  ["The database cannot be written ({words}): what is found is not recorded.", "Non si riesce a scrivere nel database ({words}): ciò che si trova non viene registrato."],
  ["It breaks elsewhere now.", "Ora si rompe altrove."],
  ["What it is shows more clearly now.", "Ora si vede meglio di che cosa si tratta."],
  ["More fails now.", "Ora fallisce di più."],
  ["Less fails now.", "Ora fallisce di meno."],
  ["{component} fails too: failures now and then since {clock} UTC.", "Anche {component}: ogni tanto un errore dalle {clock} UTC."],
  ["{component}: failures now and then since {clock} UTC.", "{component}: ogni tanto un errore dalle {clock} UTC."],
  ["Failing again.", "Di nuovo errori."],
  ["Slow again.", "Di nuovo lento."],
  ["Slow again after it was over.", "Di nuovo lento dopo la fine."],
  ["Failing again after it was over.", "Di nuovo errori dopo la fine."],
  ["{component} fails too: {count} of {count2} attempts failed since {clock} UTC{example}.", "Anche {component}: {count} {count|tentativo|tentativi} su {count2} {count|fallito|falliti} dalle {clock} UTC{example}."],
  ["{component} is slow too: {count} of {count2} answers were slow since {clock} UTC.", "Anche {component}: {count} {count|risposta|risposte} su {count2} {count|lenta|lente} dalle {clock} UTC."],
  ["{component}: {count} of {count2} attempts failed since {clock} UTC{example}.", "{component}: {count} {count|tentativo|tentativi} su {count2} {count|fallito|falliti} dalle {clock} UTC{example}."],
  ["{component}: {count} of {count2} answers were slow since {clock} UTC.", "{component}: {count} {count|risposta|risposte} su {count2} {count|lenta|lente} dalle {clock} UTC."],
  ["The control probes had not answered by then.", "Fino ad allora le sonde di controllo non avevano risposto."],
  ["{component}: this has been its usual speed for {duration}: taken as the new normal.", "{component}: è la sua velocità abituale da {duration}; vale come la nuova normalità."],
  ["It has not become quicker: taken as the new normal.", "Non è tornato più veloce: vale come la nuova normalità."],
  ["{component} works again.", "{component}: funziona di nuovo."],
  ["{component} cannot be asked any more; it counts as over until it can.", "{component}: non si può più interrogare; vale come finito finché non si potrà."],
  ["Severity rises from {severity} to {severity2}.", "La gravità sale da {severity} a {severity2}."],
  ["Everything answers again; watching whether it lasts.", "Tutto risponde di nuovo; si osserva se dura."],
  ["Acknowledged by {name}.", "Preso in carico da {name}."],
  ["Acknowledged by {name}: {rest}", "Preso in carico da {name}: {rest}"],
  ["Resolved by {name}.", "Dichiarato risolto da {name}."],
  ["Resolved by {name}: {rest}", "Dichiarato risolto da {name}: {rest}"],
  ["Reopened by {name}.", "Riaperto da {name}."],
  ["Reopened by {name}: {rest}", "Riaperto da {name}: {rest}"],
  ["{name} says of {name2}: {words}, since {date} {clock} UTC; {compared}.", "{name} dice di {name2}: «{words}», dal {date} {clock} UTC; {compared}."],
  ["{name} says of {name2}: {words}; {compared}.", "{name} dice di {name2}: «{words}»; {compared}."],
  ["{name} says of {name2}: {words}, since {date} {clock} UTC.", "{name} dice di {name2}: «{words}», dal {date} {clock} UTC."],
  ["{name} says of {name2}: {words}.", "{name} dice di {name2}: «{words}»."],
  ["{count} users report trouble within ten minutes: {component}. (Users)", "{count} utenti segnalano problemi in dieci minuti: {component}."],
  ["{count} user report{s} since {clock} UTC, before it was detected: {component}.{quote}", "Segnalazioni di utenti dalle {clock} UTC, prima che fosse rilevato: {count}, {component}.{quote}"],
  ["A user reports trouble: {component}.{quote} (Users)", "Un utente segnala problemi: {component}.{quote}"],
];

const kTitles: [string, string][] = [
  ["Everything fails on {platforms}", "Non funziona nulla su {platforms}"],
  ["Everything fails at times on {platforms}", "Tutto ogni tanto non funziona su {platforms}"],
  ["Everything is slow on {platforms}", "Tutto è lento su {platforms}"],
  ["{functions} fail{s} on {platforms}", "{functions}: errori su {platforms}"],
  ["{functions} is slow on {platforms}", "{functions}: lentezza su {platforms}"],
  ["{functions} are slow on {platforms}", "{functions}: lentezza su {platforms}"],
];

const kFunctions: Record<string, string> = {
  "media upload": "invio di media", "media download": "scaricamento di media", "feed loading": "caricamento del feed", messages: "messaggi", "log-in": "accesso",
  "the web site": "sito web", "finding the servers (DNS)": "ricerca dei server (DNS)", "reaching the servers": "connessione ai server",
};
const kOthers: Record<string, string> = {
  "your own sites": "i nostri siti", "the control hosts": "gli host di controllo", "the media tier": "i media", "the platforms": "le piattaforme", "log-in": "l’accesso",
  "of DNS": "i nomi, DNS", "missing connections, TCP": "connessioni mancate, TCP", "of TLS": "TLS", "of media functions, the rest works": "funzioni di media, il resto funziona",
  "of log-in": "accesso", "answers with errors or wrong content": "risposte con errori o contenuti sbagliati",
  "names gone": "nomi spariti", "routes gone": "percorsi spariti", edge: "bordo della rete", "media tier": "media", origin: "origine", slow: "lentezza",
  minor: "lieve", major: "grave", critical: "critica",
  "All attempts": "tutti", "Nearly all attempts": "quasi tutti", "A few attempts": "pochi", "at the time of our detection": "nel momento in cui l’abbiamo rilevato",
};

const small = (text: string) => (text[0] ?? "").toLowerCase() + text.slice(1);
const capital = (text: string) => (text[0] ?? "").toUpperCase() + text.slice(1);
const list = (text: string, say: (name: string) => string) => text.split(/, | and /).map(say).join(", ").replace(/, ([^,]*)$/, " e $1");
const function_ = (name: string) => kFunctions[name] ?? kFunctions[small(name)] ?? name;
const functions = (names: string) => list(names, function_);
const platforms = (names: string) => list(names, other);
const other = (words: string) => kOthers[words] ?? kOthers[small(words)] ?? words;
const duration = (text: string) => text.replace(/(\d+)([a-z]+)/g, (_, n, unit) => `${n} ${unit === "m" ? "min" : unit === "d" ? "g" : unit}`);

/// How each kind of value looks in English, and what it is in Italian; otherwise as it is.
const kKinds: Record<string, [string, ((value: string) => string)?]> = {
  count: ["\\d+"], clock: ["\\d\\d:\\d\\d"], date: ["\\d{4}-\\d\\d-\\d\\d"], s: ["(?:e?s)?"], words: [".+?"], rest: [".+"], name: ["[^:]+?"],
  duration: ["[\\da-z ]+?", duration],
  quote: ["(?: “.*?”)?"],
  example: ["(?: \\(.*?\\)|: .*?)?"],
  share: ["(?:All|Nearly all|A few) attempts|About \\d+ % of attempts", (s) => other(s).replace(/^About (\d+) % of attempts$/, "circa il $1 %")],
  who: [".+?", other], what: [".+?", other], pattern: ["[a-z -]+?", (s) => (s === "log-in" ? "accesso" : other(s))], severity: ["[a-z]+", other],
  functions: [".+?", functions], platforms: [".+", platforms],
  component: [".+? on [^:.]+?", (s) => s.replace(/^(.+?) on (.+)$/, (_, f, p) => `${function_(f)} su ${other(p)}`)],
  parts: [".+?", (s) => s.split("; ").map((part) =>
    part.startsWith("nothing but ") ? `solo ${functions(part.slice(12))}` : part.startsWith("everything on ") ? `tutto su ${platforms(part.slice(14))}`
      : part.startsWith("your own sites ") ? `i nostri siti ${functions(part.slice(15))}` : functions(part)).join("; ")],
  compared: ["at the time of our detection|[\\da-z ]+? (?:before|after) our detection", (s) => other(s).replace(/^(\d+) minutes?/, "$1 min").replace(/^(.*) (before|after) our detection$/, (_, time, side) =>
    `${duration(time)} ${side === "before" ? "prima che lo rilevassimo" : "dopo che l’abbiamo rilevato"}`)],
};

interface Known { english: RegExp; values: string[]; italian: string }
const kValue = /\{([a-z]+)(\d?)(?:\|([^|}]+)\|([^}]+))?\}/g;
const known = ([english, italian]: [string, string]): Known => {
  const values: string[] = [];
  const pattern = english.replace(/[()|.;]/g, "\\$&").replace(kValue, (_, kind, digit) => {
    values.push(kind + digit);
    return `(${kKinds[kind]![0]})`;
  });
  return { english: new RegExp(`^${pattern}(?: |$)`), values, italian };
};

function say(text: string, all: Known[]): string | undefined {
  if (!text) return "";
  for (const { english, values, italian } of all) {
    const found = english.exec(text);
    const rest = found && say(text.slice(found[0].length), all);
    if (!found || rest === undefined || rest === null) continue;
    const said = capital(italian.replace(kValue, (_, kind, digit, one?: string, many?: string) => {
      const value = found[values.indexOf(kind + digit) + 1] ?? "";
      if (one) return value === "1" ? one : many ?? one;
      return kKinds[kind]![1]?.(value) ?? value;
    }));
    return rest ? `${said} ${rest}` : said;
  }
  return undefined;
}

const sentences = kSentences.map(known), titles = kTitles.map(known);
/// In Italian; nothing where the text has other words than the daemon's own.
export const italianSentences = (text: string) => say(text, sentences);
export const italianTitle = (title: string) => say(title, titles);
