// Numbers and names as people read them.
import type { Component, Incident, State } from "./api";
import type { Texts } from "./texts/texts";

const decimals = (t: Texts, value: number, digits: number) => value.toFixed(digits).replace(".", t.decimal);

export const milliseconds = (t: Texts, ms: number) =>
  ms > 0 && ms < 0.5 ? "< 1 ms" : ms >= 1000 ? `${decimals(t, ms / 1000, ms >= 10000 ? 0 : 1)} s` : `${Math.round(ms)} ms`;

const kUnits = ["B", "KiB", "MiB", "GiB", "TiB"];
export function size(t: Texts, bytes: number): string {
  let value = bytes, unit = 0;
  while (value >= 1024 && unit < kUnits.length - 1) { value /= 1024; ++unit; }
  return `${unit > 0 && value < 10 && !Number.isInteger(value) ? decimals(t, value, 1) : Math.round(value)} ${kUnits[unit]}`;
}

export const percent = (t: Texts, share: number) => {
  const value = share * 100;
  if (value > 0 && value < 1) return "< 1 %";
  if (value < 100 && value > 99) return `${decimals(t, Math.floor(value * 100) / 100, 2)} %`;
  return `${Math.round(value)} %`;
};

export function lasted(t: Texts, seconds: number): string {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.floor(hours / 24)} ${t.day}${hours % 24 ? ` ${hours % 24} h` : ""}`;
}

/// "2h30m" of the daemon as people read it: "2 h 30 min".
export const spelledOut = (t: Texts, duration: string) =>
  duration.replace(/(\d)([a-z]+) ?/g, (_, digit, unit) => `${digit} ${unit === "m" ? "min" : unit === "d" ? t.day : unit} `).trim();

export const between = (t: Texts, from: string, to: string) => lasted(t, (Date.parse(to) - Date.parse(from)) / 1000);

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
