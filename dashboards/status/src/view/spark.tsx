// The last hour of a component: a line of its latency, a bar where attempts failed. Decoration beside the figures.
import type { Recent } from "../api";

export function Spark({ recent }: { recent: Recent }) {
  const width = 120, height = 28, n = recent.p50_ms.length || 1;
  const highest = Math.max(1, ...recent.p50_ms.map((v) => v ?? 0));
  const x = (i: number) => ((i + 0.5) * width) / n;
  const y = (v: number) => height - 3 - (v / highest) * (height - 8);
  let line = "";
  recent.p50_ms.forEach((value, i) => {
    if (value === null || value === undefined) return;
    const joined = i > 0 && typeof recent.p50_ms[i - 1] === "number";
    line += `${joined ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {recent.failures.map((failed, i) => {
        const of = recent.attempts[i] ?? 0;
        if (!failed || !of) return null;
        const tall = Math.max(3, (failed / of) * height);
        return <rect key={i} class="failed" x={(i * width) / n + 0.5} width={width / n - 1} y={height - tall} height={tall} />;
      })}
      <path class="line" d={line} />
    </svg>
  );
}
