// Numbers and names as people read them.
import type { Component, Incident, State } from "./api";
import type { Texts } from "./texts/texts";

export const milliseconds = (ms: number) =>
  ms > 0 && ms < 0.5 ? "< 1 ms" : ms >= 10000 ? `${(ms / 1000).toFixed(0)} s` : ms >= 1000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms)} ms`;

const kUnits = ["B", "KiB", "MiB", "GiB", "TiB"];
export function size(bytes: number): string {
  let value = bytes, unit = 0;
  while (value >= 1024 && unit < kUnits.length - 1) { value /= 1024; ++unit; }
  return `${unit > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.round(value)} ${kUnits[unit]}`;
}

export const percent = (share: number) => {
  const value = share * 100;
  if (value > 0 && value < 1) return "< 1 %";
  if (value < 100 && value > 99) return `${(Math.floor(value * 100) / 100).toFixed(2)} %`;
  return `${Math.round(value)} %`;
};

export function lasted(seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/// "2h30m" of the daemon as people read it: "2 h 30 min".
export const spelledOut = (duration: string) => duration.replace(/(\d)([a-z]+)/g, (_, digit, unit) => `${digit} ${unit === "m" ? "min" : unit} `).trim();

export const between = (from: string, to: string) => lasted((Date.parse(to) - Date.parse(from)) / 1000);

const spelled = (name: string) => (name[0] ?? "").toUpperCase() + name.slice(1).replace(/-/g, " ");
export const platformName = (t: Texts, id: string) => t.platforms[id] ?? spelled(id);
export const functionName = (t: Texts, id: string) => t.functions[id] ?? spelled(id);
export const componentName = (t: Texts, id: string) => {
  const [platform = "", name = ""] = id.split("/");
  return `${platformName(t, platform)}: ${functionName(t, name)}`;
};

const unique = (names: string[]) => [...new Set(names)];

/// The daemon's own title, in the reader's language.
export const incidentTitle = (t: Texts, incident: Incident) => t.title?.(incident.title) ?? incident.title;

const kRank: Record<State, number> = {
  operational: 0, unknown: 1, under_maintenance: 2, degraded_performance: 3, partial_outage: 4, major_outage: 5 };
export const worse = (a: State, b: State) => (kRank[a] >= kRank[b] ? a : b);

const kPlatforms = ["whatsapp", "instagram", "facebook"];
const kFunctions = ["message", "media-upload", "media-download", "feed-load", "login", "web", "dns", "edge"];
const place = (order: string[], name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
export const inOrder = (order: string[]) => (a: string, b: string) => place(order, a) - place(order, b) || a.localeCompare(b);
export const platformsOf = (components: Component[]) => unique(components.map((c) => c.platform)).sort(inOrder(kPlatforms));
export const functionsOf = (components: Component[]) => unique(components.map((c) => c.function)).sort(inOrder(kFunctions));
