// Everything the page says in words. One file a language.
import type { State } from "../api";

/// One takes the singular.
export const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export interface Texts {
  /// Point or comma, and the unit of days.
  decimal: string;
  day: string;
  pageTitle: string;
  skip: string;
  nav: { now: string; incidents: string; probes: string };
  settings: { language: string; zone: string; theme: string; auto: string; light: string; dark: string };
  headline: Record<"operational" | "degraded" | "outage" | "unknown" | "starting" | "partly" | "offline", string>;
  startingDetail: (unknown: number, all: number) => string;
  partlyDetail: (unknown: number, all: number) => string;
  offlineDetail: (failing: number, controls: number) => string;
  asOf: (time: string, site: string) => string;
  live: string;
  streamLost: string;
  daemonLost: (time: string) => string;
  asLoaded: string;
  nothingYet: string;
  /// With soft hyphens where a narrow cell may break them.
  state: Record<State | "none", string>;
  platforms: Record<string, string>;
  functions: Record<string, string>;
  matrix: { title: string; caption: string; fails: string; p95: string; platform: string; notProbed: string; ago: (d: string) => string; figures: string; legend: string };
  network: { title: string; online: (ok: number, all: number) => string; offline: (since: string) => string; unknown: string };
  vendor: { title: string; none: string; fine: string; othersFine: (count: number) => string; since: (time: string) => string; read: (time: string) => string; said: (time: string) => string };
  maintenance: { title: string; untitled: string; until: (time: string) => string; from: (time: string, duration: string) => string; repeats: string; everyPlatform: string; everything: string };
  incidents: {
    open: string; past: string; none: string; noneEver: string; since: (time: string, lasted: string) => string; lasted: (lasted: string) => string;
    works: string; affected: string; timeline: string; more: (count: number) => string; details: string; report: string; began: string;
    detected: string; ended: string; resolved: string; after: (d: string) => string; worst: string; where: string; evidence: string; back: string; notFound: string;
  };
  severity: Record<string, string>;
  incidentState: Record<string, string>;
  update: Record<string, string>;
  /// What the daemon says in English, as a title and as sentences; nothing for words that are not the daemon's own.
  title?: (title: string) => string | undefined;
  sentences?: (text: string) => string | undefined;
  and: string;
  days: { title: string; today: string; ago: (days: number) => string; ok: string; down: (d: string) => string; slow: (d: string) => string; nothing: string; explained: string; share: (percent: string, of: string) => string };
  component: { time: string; latency: string; success: string; layers: string; phases: Record<string, string>; window: string; noData: string; noSuccess: string; nothingKnown: string; probes: string; incidents: string; noIncidents: string; days: string; now: (window: string) => string; median: string; failed: (failures: number, attempts: number) => string; noFailures: string; layer: Record<string, string>; notFound: string };
  probes: { title: string; probe: string; component: string; every: string; tier: string; last: string; state: string; problems: string; problemsExplained: string; states: Record<string, string>; tiers: Record<string, string>; classes: Record<string, string>; kinds: Record<string, string>; never: string; none: string;
    alone: (time: string) => string; usage: (percent: number) => string; budgets: string; budgetsExplained: string; budgetsAt: (time: string) => string; owner: string; requests: string; bytes: string; of: (spent: string, most: string) => string; unbounded: (spent: string) => string };
  footer: { words: string; api: string; feed: string; metrics: string };
}
