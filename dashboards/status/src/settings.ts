// What a reader chose: language, time zone, colours. Kept in the browser, nowhere else.
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { english } from "./texts/en";
import { italian } from "./texts/it";
import type { Texts } from "./texts/texts";

export type Theme = "auto" | "light" | "dark";
export interface Settings { language: "en" | "it"; zone: string; theme: Theme }

const kKey = "outaged";
const kLanguages: Record<Settings["language"], Texts> = { en: english, it: italian };

function stored(): Settings {
  const settings: Settings = {
    language: navigator.language.toLowerCase().startsWith("it") ? "it" : "en",
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC",
    theme: "auto",
  };
  try {
    const kept = JSON.parse(localStorage.getItem(kKey) ?? "{}");
    if (kept.language === "en" || kept.language === "it") settings.language = kept.language;
    if (["auto", "light", "dark"].includes(kept.theme)) settings.theme = kept.theme;
    if (typeof kept.zone === "string") {
      new Intl.DateTimeFormat("en", { timeZone: kept.zone }); // throws for a zone that does not exist
      settings.zone = kept.zone;
    }
  } catch {
    return settings; // storage forbidden or damaged: the defaults serve
  }
  return settings;
}

export interface Reader extends Settings { t: Texts; set: (change: Partial<Settings>) => void }

export function useReader(): Reader {
  const [settings, setSettings] = useState(stored);
  useEffect(() => {
    document.documentElement.lang = settings.language;
    if (settings.theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = settings.theme;
  }, [settings]);
  const set = (change: Partial<Settings>) => setSettings((before) => {
    const next = { ...before, ...change };
    try {
      localStorage.setItem(kKey, JSON.stringify(next));
    } catch {
      return next; // not kept, but holds until the page is left
    }
    return next;
  });
  return { ...settings, t: kLanguages[settings.language], set };
}

export const ReaderContext = createContext<Reader>(undefined as unknown as Reader);
export const useSettings = () => useContext(ReaderContext);

/// Making a format costs as much as eighty uses, and ninety days of all components have thousands.
const formats = new Map<string, Intl.DateTimeFormat>();
function format(locale: string, options: Intl.DateTimeFormatOptions) {
  const key = locale + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}

/// Times in the reader's zone and language.
export function useClock() {
  const { language, zone } = useSettings();
  const locale = language === "en" ? "en-GB" : "it-IT";
  const with_ = (options: Intl.DateTimeFormatOptions) => format(locale, { timeZone: zone, ...options });
  return {
    time: (at: string) => with_({ hour: "2-digit", minute: "2-digit" }).format(new Date(at)),
    seconds: (at: string) => with_({ hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(new Date(at)),
    date: (at: string) => with_({ day: "numeric", month: "long", year: "numeric" }).format(new Date(at)),
    day: (day: string) => format(locale, { timeZone: "UTC", day: "numeric", month: "short" }).format(new Date(day + "T00:00:00Z")),
    moment: (at: string) => with_({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at)),
    full: (at: string) => with_({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" }).format(new Date(at)),
  };
}
