// What stands where something is still awaited: what the server made of this address, for as long as nothing better is there.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { useSettings } from "../settings";

export interface Served { path: string; language: string; html: string }

/// Nothing once the reader is at another address than the one that was loaded.
export const ServedContext = createContext<Served | undefined>(undefined);

export function Awaited({ lost }: { lost?: boolean }) {
  const { t } = useSettings();
  const served = useContext(ServedContext);
  if (served) return <div lang={served.language} aria-busy={!lost} dangerouslySetInnerHTML={{ __html: served.html }} />;
  return lost ? <p class="card">{t.nothingYet}</p> : <p class="quiet" aria-busy="true">…</p>;
}
