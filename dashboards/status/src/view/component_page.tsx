// One component: its state, its ninety days, latency by phase, success and failures by layer over a window.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import type { Component, History } from "../api";
import { useDocument } from "../live";
import { useSettings } from "../settings";
import { componentName, milliseconds, percent } from "../words";
import { Bars } from "./days";
import { StateWord } from "./marks";

const kPhases = ["dns", "connect", "tls", "send", "wait", "receive"];
const kWindows = ["1h", "6h", "24h", "7d"];

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

interface Series { label: string; color: string; values: (number | null)[] }

/// Each value on top of those before it.
function piled(series: Series[]): (number | null)[][] {
  const sums: number[] = [];
  return series.map((s) => s.values.map((v, i) => (v === null ? null : (sums[i] = (sums[i] ?? 0) + v))));
}

/// A chart of lines or, stacked, of areas; drawn anew when data or colours change.
function Chart(props: { label: string; times: number[]; series: Series[]; stacked?: boolean; format: (v: number) => string; top?: number }) {
  const { theme, zone, language } = useSettings();
  const box = useRef<HTMLDivElement>(null);
  const { times, series, stacked, format, top } = props;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const height = 220;
    const heights = stacked ? piled(series) : series.map((s) => s.values);
    // The highest pile is drawn first, so that the lower ones lie before it.
    const order = series.map((_, i) => (stacked ? series.length - 1 - i : i));
    const clock = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "it-IT", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
    const draw = () => {
      const ink = css("--quiet"), grid = css("--line");
      const axis: uPlot.Axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: "12px system-ui" };
      element.replaceChildren();
      return new uPlot({
        width: element.clientWidth, height, padding: [8, 8, 0, 0],
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
        cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_plot: uPlot, _low: number, high: number) => [0, top ?? Math.max(1, (high || 1) * 1.1)] } },
        axes: [axis, { ...axis, size: 64, values: (_plot: uPlot, ticks: number[]) => ticks.map(format) }],
        series: [
          { label: "", value: (_plot: uPlot, v: number | null) => (v === null ? "" : clock.format(v * 1000)) },
          ...order.map((i): uPlot.Series => ({
            label: series[i]!.label, stroke: css(series[i]!.color), width: stacked ? 1 : 2, points: { show: !stacked && times.length < 60, size: 5 },
            fill: stacked ? css(series[i]!.color) : undefined,
            value: (_plot: uPlot, _v: number | null, _s: number, at: number | null) => {
              const own = at === null ? null : series[i]!.values[at];
              return own === null || own === undefined ? "–" : format(own);
            },
          })),
        ],
      }, [times, ...order.map((i) => heights[i]!)] as uPlot.AlignedData, element);
    };
    let plot = draw();
    const again = () => { plot.destroy(); plot = draw(); };
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    return () => { dark.removeEventListener("change", again); watch.disconnect(); plot.destroy(); };
  }, [times, series, theme, zone, language]);
  return <div class="chart card" role="img" aria-label={props.label} ref={box} />;
}

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
      <Chart label={`${t.component.latency}; ${t.matrix.p95} ${milliseconds(p95)}`} times={times} series={phases} stacked format={milliseconds} />
      <h2>{t.component.success}</h2>
      <p class="quiet">{percent(1 - failures / attempts)} / {attempts} {t.component.attempts}</p>
      <Chart label={`${t.component.success}: ${percent(1 - failures / attempts)}`} times={times} series={success} top={1.02} format={(v) => (v > 1.001 ? "" : percent(v))} />
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

export function ComponentPage({ id, component, version }: { id: string; component?: Component; version: number }) {
  const { t } = useSettings();
  const [window_, setWindow] = useState("1h");
  const { value: history, error } = useDocument<History>(`/api/v1/components/${id}/history?since=${window_}`, version);
  const state = component;
  if (error?.status === 404) return <p class="card">{t.component.notFound}</p>;
  return (
    <article>
      <p><a href="/">← {t.nav.now}</a></p>
      <h1>{componentName(t, id)}</h1>
      {state && <p class="lead"><StateWord state={state.state} />{state.failure_share > 0 && `, ${percent(state.failure_share)} ${t.matrix.fails}`}</p>}
      {state?.last_failure && state.state !== "operational" && <p class="card evidence" lang="en">{state.last_failure.detail}</p>}
      {state?.days && <div class="card"><Bars component={state} /></div>}
      <fieldset class="windows">
        <legend>{t.component.window}</legend>
        {kWindows.map((w) => (
          <label key={w}><input type="radio" name="window" checked={w === window_} onChange={() => setWindow(w)} /> {w}</label>
        ))}
      </fieldset>
      {history ? <Charts history={history} /> : <p class="quiet" aria-busy="true">…</p>}
    </article>
  );
}
