// What the page knows, kept fresh: fetched once, fetched again whenever the event stream says that something changed,
// and honest about how old it is when stream or daemon are gone.
import { useEffect, useRef, useState } from "preact/hooks";
import { get, NoAnswer, type Component, type Incident, type Status } from "./api";

export type Link = "connecting" | "live" | "stream-lost" | "daemon-lost";
export interface World {
  status?: Status; components?: Component[]; past?: Incident[];
  link: Link;
  heardAt?: number; // of this machine's clock, when the daemon last answered
  version: number;  // grows with every change
}

const kRetryMs = 5000;
const kPollMs = 15000; // also with a stream: one of a daemon that hangs is open and silent
const kSilenceMs = 30000; // longer than a poll and its time-out, so only after this page itself stood still
const kResultsMs = 3000; // new results alone are not worth more

export function useWorld(): World {
  const [world, setWorld] = useState<World>({ link: "connecting", version: 0 });
  useEffect(() => {
    let alive = true, streaming = false, busy = false, again = false, failed = false;
    let timer: ReturnType<typeof setTimeout> | undefined, begunAt = 0, heardAt = 0;

    const lose = () => {
      failed = true;
      if (alive) setWorld((w) => ({ ...w, link: "daemon-lost" }));
    };
    const refresh = async () => {
      if (busy) { again = true; return; }
      busy = true;
      begunAt = Date.now();
      try {
        const [status, detail, past] = await Promise.all([
          get<Status>("/api/v1/status"),
          get<{ components: Component[] }>("/api/v1/components"),
          get<{ incidents: Incident[] }>("/api/v1/incidents?since=90d&limit=50"),
        ]);
        failed = false;
        heardAt = Date.now();
        if (alive) setWorld((w) => ({
          status, components: detail.components, past: past.incidents, heardAt, version: w.version + 1,
          link: streaming ? "live" : "stream-lost" }));
      } catch (error) {
        lose();
        if (!(error instanceof NoAnswer)) throw error;
      } finally {
        busy = false;
        clearTimeout(timer);
        if (alive) timer = setTimeout(() => void refresh(), failed || !streaming ? kRetryMs : kPollMs);
      }
      if (again) { again = false; void refresh(); }
    };

    const events = new EventSource("/events");
    events.onopen = () => { streaming = true; void refresh(); };
    events.onerror = () => {
      streaming = false;
      void refresh();
    };
    for (const kind of ["component", "incident", "site"]) events.addEventListener(kind, () => void refresh());
    events.addEventListener("changed", () => {
      if (Date.now() - begunAt > kResultsMs) void refresh();
    });
    const watch = setInterval(() => {
      if (failed || !heardAt || Date.now() - heardAt < kSilenceMs) return;
      lose();
      void refresh();
    }, kRetryMs);
    void refresh();
    return () => { alive = false; events.close(); clearTimeout(timer); clearInterval(watch); };
  }, []);
  return world;
}

/// A document that is fetched for one view, again whenever `version` grows. Changes may come faster than answers: an answer
/// counts as long as its path is the one wanted, else nothing would ever be shown.
export function useDocument<T>(path: string, version: number): { value?: T; error?: NoAnswer } {
  const [state, setState] = useState<{ path: string; value?: T; error?: NoAnswer }>({ path });
  const wanted = useRef(path);
  wanted.current = path;
  useEffect(() => {
    get<T>(path).then(
      (value) => { if (wanted.current === path) setState({ path, value }); },
      (error) => { if (wanted.current === path) setState((s) => ({ path, value: s.path === path ? s.value : undefined, error })); });
  }, [path, version]);
  return state.path === path ? state : {};
}
