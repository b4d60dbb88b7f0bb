// The mark of a state: colour, shape and, beside it, its word. The shapes differ without any colour.
import type { State } from "../api";
import { useSettings } from "../settings";

const kShapes: Record<State | "none", preact.JSX.Element> = {
  operational: (<><circle cx="8" cy="8" r="7" /><path class="ink" d="M4.6 8.3l2.3 2.3 4.4-4.9" /></>),
  degraded_performance: (<><path d="M8 1.2l7 13H1z" /><path class="ink" d="M8 5.8v4M8 11.6v.8" /></>),
  partial_outage: (<><path d="M8 .8L15.2 8 8 15.2.8 8z" /><path class="ink" d="M5.2 8h5.6" /></>),
  major_outage: (<><rect x="1.2" y="1.2" width="13.6" height="13.6" rx="2" /><path class="ink" d="M5 5l6 6M11 5l-6 6" /></>),
  under_maintenance: (<><path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" /><path class="ink" d="M5.5 8h5M8 5.5v5" /></>),
  unknown: (<><circle class="hollow" cx="8" cy="8" r="6.2" /><path class="word" d="M6.2 6.3a1.9 1.9 0 113 1.7c-.8.5-1.2.8-1.2 1.7M8 11.5v.6" /></>),
  none: (<circle class="hollow" cx="8" cy="8" r="6.2" />),
};

export function Mark({ state }: { state: State | "none" }) {
  return (
    <svg class={`mark ${state}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {kShapes[state] ?? kShapes.unknown}
    </svg>
  );
}

export function StateWord({ state }: { state: State }) {
  const { t } = useSettings();
  return (
    <span class={`state ${state}`}>
      <Mark state={state} /> {t.state[state] ?? state}
    </span>
  );
}
