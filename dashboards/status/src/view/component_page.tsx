// One component: its state, its ninety days, latency by phase, success and failures by layer over a window.
import { useMemo, useState } from "preact/hooks";
import type { Component, History, Incident, Probe } from "../api";
import { useDocument } from "../live";
import { useSettings } from "../settings";
import { componentName, milliseconds, percent, spelledOut } from "../words";
import { Chart } from "./chart";
import { Bars, DaysExplained } from "./days";
import { IncidentList } from "./incidents";
import { StateWord } from "./marks";
import { ProbeTable } from "./probes_page";

const kPhases = ["dns", "connect", "tls", "send", "wait", "receive"];
const kWindows = ["1h", "6h", "24h", "7d"];

function Charts({ history }: { history: History }) {
  const { t } = useSettings();
  const buckets = history.buckets;
  const times = useMemo(() => buckets.map((b) => Date.parse(b.at) / 1000), [buckets]);
  const attempts = buckets.reduce((sum, b) => sum + b.attempts, 0), failures = buckets.reduce((sum, b) => sum + b.failures, 0);
  const phases = useMemo(() => kPhases.map((p) => ({ label: t.component.phases[p] ?? p, color: `--phase-${p}`, values: buckets.map((b) => b.phases_ms[p] ?? null) })), [buckets, t]);
  const success = useMemo(() => [{ label: t.component.success, color: "--good", values: buckets.map((b) => (b.attempts ? 1 - b.failures / b.attempts : null)) }], [buckets, t]);
  if (!attempts) return <p class="card quiet">{t.component.noData}</p>;
  const layers = Object.entries(buckets.reduce<Record<string, number>>((sum, b) => {
    for (const [layer, count] of Object.entries(b.layers)) sum[layer] = (sum[layer] ?? 0) + count;
    return sum;
  }, {})).sort((a, b) => b[1] - a[1]);
  const most = Math.max(1, ...layers.map(([, n]) => n));
  const p95 = Math.max(0, ...buckets.map((b) => b.p95_ms ?? 0));
  return (
    <>
      <h2>{t.component.latency}</h2>
      {failures === attempts ? <p class="card quiet">{t.component.noSuccess}</p>
        : <Chart label={`${t.component.latency}; ${t.matrix.p95} ${milliseconds(t, p95)}`} times={times} series={phases} stacked format={(v) => milliseconds(t, v)} />}
      <h2>{t.component.success}</h2>
      <p class="quiet">{t.component.failed(failures, attempts)}</p>
      <Chart label={`${t.component.success}: ${percent(t, 1 - failures / attempts)}`} times={times} series={success} top={1.02} format={(v) => (v > 1.001 ? "" : percent(t, v))} />
      <h2>{t.component.layers}</h2>
      {layers.length === 0 && <p class="quiet">{t.component.noFailures}</p>}
      <ul class="layers">
        {layers.map(([layer, count]) => (
          <li key={layer}><span>{t.component.layer[layer] ?? layer}</span><meter min={0} max={most} value={count}>{count}</meter><b>{count}</b></li>
        ))}
      </ul>
    </>
  );
}

function Now({ component }: { component: Component }) {
  const { t } = useSettings();
  const { p50, p95 } = component.latency_ms;
  const fact = (name: string, value: string) => <div><dt>{name}</dt><dd>{value}</dd></div>;
  return (
    <dl class="facts card">
      {fact(t.component.now(spelledOut(t, component.window)), t.component.failed(component.failures, component.attempts))}
      {p50 !== undefined && fact(t.component.median, milliseconds(t, p50))}
      {p95 !== undefined && fact(t.matrix.p95, milliseconds(t, p95))}
    </dl>
  );
}

interface Shown { id: string; component?: Component; past?: Incident[]; version: number }

export function ComponentPage({ id, component, past, version }: Shown) {
  const { t } = useSettings();
  const [window_, setWindow] = useState("1h");
  const { value: history, error } = useDocument<History>(`/api/v1/components/${id}/history?since=${window_}`, version);
  const { value: probes } = useDocument<{ probes: Probe[] }>("/api/v1/probes", version);
  if (error?.status === 404) return <p class="card">{t.component.notFound}</p>;
  const known = component?.state !== "unknown";
  const incidents = past?.filter((i) => i.components.some((c) => c.id === id));
  return (
    <article>
      <p><a href="/">← {t.nav.now}</a></p>
      <h1>{componentName(t, id)}</h1>
      {component && <p class="lead"><StateWord state={component.state} />{known && component.failure_share > 0 && `, ${percent(t, component.failure_share)} ${t.matrix.fails}`}</p>}
      {component && (known ? <Now component={component} /> : <p class="card quiet">{t.component.nothingKnown}</p>)}
      {known && component?.last_failure && component.state !== "operational" && <p class="card evidence" lang="en">{component.last_failure.detail}</p>}
      <fieldset class="windows">
        <legend>{t.component.window}</legend>
        {kWindows.map((w) => (
          <label key={w}><input type="radio" name="window" checked={w === window_} onChange={() => setWindow(w)} /> {spelledOut(t, w)}</label>
        ))}
      </fieldset>
      {history ? <Charts history={history} /> : <p class="quiet" aria-busy="true">…</p>}
      <h2>{t.component.probes}</h2>
      {probes && <ProbeTable probes={probes.probes.filter((p) => p.component === id)} ofOneComponent />}
      {component?.days && <><h2>{t.component.days}</h2><DaysExplained /><div class="card"><Bars component={component} inFull /></div></>}
      <h2>{t.component.incidents}</h2>
      {incidents?.length ? <IncidentList incidents={incidents} /> : <p class="quiet">{t.component.noIncidents}</p>}
    </article>
  );
}
