// A chart of lines or, stacked, of areas, over time.
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useSettings } from "../settings";

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export interface Series { label: string; color: string; values: (number | null)[] }

/// Between two runs of a probe is no gap; only what is wider than a tenth of the chart is shown as one.
const bridged = (plot: uPlot, _series: number, _first: number, _last: number, gaps: [from: number, to: number][]) =>
  gaps.filter(([from, to]) => to - from > plot.bbox.width / 10);

/// A scale ends here at least: below, several ticks would be the same in whole numbers.
const kLeastTop = 5;

/// Each value on top of those before it.
function piled(series: Series[]): (number | null)[][] {
  const sums: number[] = [];
  return series.map((s) => s.values.map((v, i) => (v === null ? null : (sums[i] = (sums[i] ?? 0) + v))));
}

/// A chart of lines or, stacked, of areas; drawn anew when data or colours change.
export function Chart(props: { label: string; times: number[]; series: Series[]; stacked?: boolean; format: (v: number) => string; top?: number }) {
  const { t, theme, zone, language } = useSettings();
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
    const tick = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "it-IT", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
    const date = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "it-IT", { timeZone: zone, day: "numeric", month: "short" });
    const span = (times[times.length - 1] ?? 0) - (times[0] ?? 0);
    const when = (_plot: uPlot, ticks: number[]) => ticks.map((at) => (span > 2 * 86400 ? date : tick).format(at * 1000));
    const draw = () => {
      const ink = css("--quiet"), grid = css("--line");
      const axis: uPlot.Axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: "12px system-ui" };
      element.replaceChildren();
      return new uPlot({
        width: element.clientWidth, height, padding: [8, 20, 0, 0],
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
        cursor: { drag: { x: false, y: false } },
        scales: { y: { range: (_plot: uPlot, _low: number, high: number) => [0, top ?? Math.max(kLeastTop, high * 1.1)] } },
        axes: [{ ...axis, values: when }, { ...axis, size: 64, values: (_plot: uPlot, ticks: number[]) => ticks.map(format) }],
        series: [
          { label: t.component.time, value: (_plot: uPlot, v: number | null) => (v === null ? "" : clock.format(v * 1000)) },
          ...order.map((i): uPlot.Series => ({
            label: series[i]!.label, stroke: css(series[i]!.color), width: stacked ? 1 : 2, points: { show: !stacked, size: 4 }, gaps: bridged,
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
  return <div class="chart card" role="img" aria-label={props.label}><div ref={box} /></div>;
}

