import type { Texts } from "./texts";

const list = (names: string[]) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

export const english: Texts = {
  pageTitle: "Status",
  skip: "Skip to the content",
  nav: { now: "Now", incidents: "Incidents", probes: "Probes" },
  settings: { language: "Language", zone: "Time zone", theme: "Colours", auto: "As the system", light: "Light", dark: "Dark" },
  headline: {
    operational: "Everything we probe works",
    degraded: "Something is slower than usual",
    outage: "There is an outage",
    unknown: "Nothing is known at the moment",
    starting: "Just started: the first results are on their way",
    partly: "What we know works",
    offline: "Our own network is down",
  },
  startingDetail: (unknown, all) => `${unknown} of ${all} functions are being asked for the first time. Give it some minutes.`,
  partlyDetail: (unknown, all) => `Of ${unknown} of ${all} functions nothing is known: their probes have had no answer that says anything.`,
  offlineDetail: (failing, controls) =>
    `${failing} of ${controls} unrelated control hosts cannot be reached either, so this is about us: nothing can be said about the platforms until it is back.`,
  asOf: (time, site) => `As of ${time}, seen from ${site}`,
  live: "Live",
  streamLost: "No live stream: refreshed every few seconds",
  daemonLost: (time) => `The monitor does not answer. What you see is from ${time} and may be out of date.`,
  asLoaded: "The monitor does not answer. What you see is as it was when this page was loaded; the page tries again by itself.",
  nothingYet: "The monitor does not answer, and nothing is known yet. This page tries again by itself.",
  state: {
    operational: "Works", degraded_performance: "Slow", partial_outage: "Partly fails", major_outage: "Down",
    under_maintenance: "Main\u00ADtenance", unknown: "Unknown", none: "No data",
  },
  platforms: { whatsapp: "WhatsApp", instagram: "Instagram", facebook: "Facebook", own: "Our sites", control: "Control hosts", vendor: "Vendors' status pages" },
  functions: { "media-upload": "Media upload", "media-download": "Media download", "feed-load": "Feed", message: "Messages", login: "Log-in", web: "Web", dns: "Names (DNS)", edge: "Servers" },
  matrix: { title: "What people do there", caption: "State of every function on every platform", fails: "fail", p95: "of those that succeed, 95 % within", platform: "Platform", notProbed: "not probed", figures: "Milliseconds: of the attempts that succeed, 95 % are through within this time, over the last 15 minutes. The line is the last hour, red where attempts failed.", legend: "Each mark has a colour, a shape and a word." },
  network: {
    title: "Our own network", online: (ok, all) => `Fine: ${ok} of ${all} control hosts answer.`,
    offline: (since) => `Down since ${since}.`, unknown: "Not judged yet.",
  },
  vendor: {
    title: "What the platforms say", none: "Nothing is known of what the platforms themselves say.", fine: "no known issues", othersFine: (count) => `no known issues with ${count} others`,
    since: (time) => `since ${time}`, read: (time) => `read ${time}`, said: (time) => `recorded ${time}`,
  },
  maintenance: {
    title: "Maintenance", untitled: "Maintenance", until: (time) => `under way until ${time}`, from: (time, duration) => `from ${time}, for ${duration}`, repeats: "again and again",
    everyPlatform: "Every platform", everything: "everything",
  },
  incidents: {
    open: "Happening now", past: "Before", none: "No open incident.", noneEver: "No incident in the last 90 days.",
    since: (time, lasted) => `since ${time}, for ${lasted}`, lasted: (lasted) => `lasted ${lasted}`,
    works: "Still works", affected: "Affected", timeline: "Timeline", more: (count) => `${count} earlier entries`, details: "The whole incident", report: "Report (Markdown)",
    began: "First bad result", detected: "Detected", ended: "Last bad result", resolved: "Resolved", after: (d) => `after ${d}`,
    worst: "At worst", where: "Where it breaks", evidence: "For example", back: "All incidents", notFound: "There is no such incident.",
  },
  severity: { minor: "Minor", major: "Major", critical: "Critical" },
  incidentState: { investigating: "Investigating", identified: "Cause located", monitoring: "Watching the recovery", resolved: "Resolved" },
  update: {
    detected: "Detected", joined: "Joined", severity: "Severity", diagnosis: "Diagnosis", acknowledged: "Acknowledged", vendor: "Platform says",
    note: "Note", hypothesis: "Hypothesis", site: "Own network", monitoring: "Watching", relapsed: "Relapsed", recovered: "Recovered", resolved: "Resolved", reopened: "Reopened",
  },
  title: (functions, platforms, slow) => `${list(functions.map((f, i) => (i ? f.toLowerCase() : f)))} ${functions.length > 1 ? (slow ? "are slow" : "fail") : slow ? "is slow" : "fails"} on ${list(platforms)}`,
  and: "and",
  days: {
    title: "The last 90 days", today: "today", ago: (days) => `${days} days ago`, ok: "no outage", down: (d) => `${d} of outage`, slow: (d) => `${d} slow`,
    nothing: "no data", explained: "Share of the watched time without outage.", share: (percent, of) => `${percent} of ${of} without outage`,
  },
  component: {
    time: "Time", latency: "Latency by phase", success: "Success", layers: "Failures by layer",
    phases: { dns: "Name", connect: "Connect", tls: "TLS", send: "Send", wait: "First byte", receive: "Receive" },
    window: "Window", noData: "No results in this window yet.", probes: "Its probes", incidents: "Its incidents", noIncidents: "None in the last 90 days.", days: "The last 90 days", now: "The last 15 minutes", median: "of those that succeed, half within", failed: (failures, attempts) => `${failures} of ${attempts} attempts failed`, noFailures: "No failures in this window.",
    layer: { dns: "DNS", tcp: "TCP", tls: "TLS", http: "HTTP", api: "API", content: "Content", timeout: "Time-out", local: "This machine" },
    notFound: "No probe watches this component.",
  },
  probes: {
    title: "Probes", probe: "Probe", component: "Component", every: "Every", tier: "Needs", last: "Last run", state: "State", problems: "Probes that cannot ask properly",
    problemsExplained: "These are no outages: a token, a quota or a configuration of ours stands in the way.",
    states: { active: "Active", "not configured": "Not configured", disabled: "Switched off", gone: "Gone" }, tiers: { public: "Nothing", authenticated: "An account" },
    classes: { success: "Success", platform_failure: "Platform fails", blocked: "Blocked", our_fault: "Our fault", our_network: "Our network" },
    never: "Not run yet", none: "No probe is configured.", alone: (time) => `left alone until ${time}`,
    budgets: "Asked within the last hour", budgetsExplained: "So much was asked of each owner, of as much as may be at most.", budgetsAt: (time) => `As of ${time}.`,
    owner: "Owner", requests: "Requests", bytes: "Bytes", of: (spent, most) => `${spent} of ${most}`, unbounded: (spent) => `${spent}, no bound`,
  },
  footer: { words: "Measured from outside by outaged; not run by the platforms.", api: "API", feed: "Feed", metrics: "Metrics" },
};
