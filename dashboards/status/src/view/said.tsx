// What the daemon says in sentences, in the reader's language; words that are not its own stay, marked as English.
import { useSettings } from "../settings";

export function Said({ text }: { text: string }) {
  const { t, language } = useSettings();
  const said = t.sentences?.(text);
  return said === undefined && language !== "en" ? <span lang="en">{text}</span> : <span>{said ?? text}</span>;
}
