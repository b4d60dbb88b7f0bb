// The daemon's documents as the page uses them (schema/openapi.json has them in full), and how they are fetched.

export type State =
  | "operational" | "degraded_performance" | "partial_outage" | "major_outage" | "under_maintenance" | "unknown";

export interface Recent { from: string; step_s: number; attempts: number[]; failures: number[]; p50_ms: (number | null)[] }
export interface Day { day: string; peak_state: State; down_s: number; degraded_s: number; known_s: number }

export interface Component {
  id: string; platform: string; function: string; state: State; since?: string; probes: number;
  window: string; last_result_at?: string; attempts: number; failures: number; inconclusive: number; failure_share: number;
  latency_ms: { p50?: number; p95?: number };
  last_failure?: { layer: string; kind: string; detail: string; at: string };
  recent?: Recent; days?: Day[];
}

export interface Update { at: string; kind: string; state: string; text: string }
export interface Member {
  id: string; platform: string; function: string; state: State; peak_state: State; onset: string; layer?: string;
  kind: string; example: string; failure_share: number; worst_share: number; recovered_at?: string;
}
export interface Incident {
  id: number; at: string; state: string; severity: string; peak_severity: string; title: string; diagnosis: string;
  onset: string; opened_at: string; recovery?: string; resolved_at?: string; components: Member[]; timeline: Update[];
}

/// What an owner says on its status page of one of its products.
export interface VendorClaim {
  vendor: string; probe: string; subject: string; platforms: string[]; words: string; since?: string; read_at: string;
  state: "fine" | "maintenance" | "degraded" | "outage" | "unclear";
}

export interface Problem { probe: string; component: string; kind: string; since: string; detail: string }
export interface Site { name: string; network: string; since?: string; controls: number; controls_failing: number }
export interface Status {
  at: string; indicator: string; summary: string; site: Site;
  daemon: { running: boolean; version: string; started_at?: string; last_result_at?: string; speed?: number };
  components: Component[]; incidents: Incident[]; problems: Problem[]; vendors: VendorClaim[];
}

export interface Bucket {
  at: string; attempts: number; failures: number; inconclusive: number; p50_ms?: number; p95_ms?: number;
  phases_ms: Record<string, number>; layers: Record<string, number>;
}
export interface History { at: string; component: string; from: string; step_s: number; buckets: Bucket[] }

export interface Maintenance {
  id: number; component: string; title: string; duration: string; rule: string; active: boolean; until?: string | null; next?: string | null;
}

export interface Probe {
  id: string; component: string; title: string; tier: string; interval: string; state: string; left_alone_until?: string; usage_percent?: number;
  last?: { at: string; took_ms: number; class: string; failure?: { layer: string; detail: string } };
}

/// What was asked of an owner within the last hour; without a maximum there is none.
export interface Spending { owner: string; requests: number; bytes: number; max_requests?: number; max_bytes?: number }
export interface Probes { probes: Probe[]; budgets?: Spending[]; budgets_at?: string }

/// An answer takes a few milliseconds. What takes longer than this does not come any more.
const kPatienceMs = 10000;

/// Thrown when there is no usable answer; `status` 0: nobody answers at all, or with something else than a document.
export class NoAnswer extends Error {
  constructor(readonly status: number) { super(`HTTP ${status}`); }
}

export async function get<T>(path: string): Promise<T> {
  try {
    const answer = await fetch(path, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(kPatienceMs) });
    if (!answer.ok) throw new NoAnswer(answer.status);
    return (await answer.json()) as T;
  } catch (error) {
    throw error instanceof NoAnswer ? error : new NoAnswer(0);
  }
}
