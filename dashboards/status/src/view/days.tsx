// Ninety days as bars, a row for each component.
import type { Component, Day } from "../api";
import { useClock, useSettings } from "../settings";
import { functionName, functionsOf, inOrder, lasted, percent, platformName, platformsOf } from "../words";

/// The worst word of a day, for its colour.
const look = (day: Day) => (day.known_s === 0 ? "none" : day.down_s > 0 ? (day.down_s >= 3600 ? "major_outage" : "partial_outage") : day.degraded_s > 0 ? "degraded_performance" : "operational");

export function Bars({ component, inFull }: { component: Component; inFull?: boolean }) {
  const { t } = useSettings();
  const clock = useClock();
  const days = component.days ?? [];
  const known = days.reduce((sum, d) => sum + d.known_s, 0);
  const down = days.reduce((sum, d) => sum + d.down_s, 0);
  const words = (day: Day) => {
    if (day.known_s === 0) return t.days.nothing;
    if (day.down_s > 0) return t.days.down(lasted(day.down_s));
    return day.degraded_s > 0 ? t.days.slow(lasted(day.degraded_s)) : t.days.ok;
  };
  const share = percent(known ? 1 - down / known : 0);
  const summary = known ? t.days.share(share, lasted(known)) : t.days.nothing;
  const width = 6, gap = 2, height = 30;
  return (
    <div class={inFull ? "bars in-full" : "bars"}>
      <svg viewBox={`0 0 ${days.length * (width + gap) - gap} ${height}`} preserveAspectRatio="none" role="img" aria-label={summary}>
        {days.map((day, i) => (
          <rect key={day.day} class={look(day)} x={i * (width + gap)} y={look(day) === "none" ? 11 : 0} width={width} height={look(day) === "none" ? 8 : height} rx="1">
            <title>{`${clock.day(day.day)}: ${words(day)}`}</title>
          </rect>
        ))}
      </svg>
      <span class="bars-summary" aria-hidden="true">{inFull || !known ? summary : share}</span>
    </div>
  );
}

export function Days({ components }: { components: Component[] }) {
  const { t } = useSettings();
  if (!components.some((c) => c.days)) return null;
  const order = functionsOf(components);
  return (
    <section aria-labelledby="days-title">
      <h2 id="days-title">{t.days.title}</h2>
      <p class="quiet">{t.days.explained}</p>
      {platformsOf(components).map((p) => (
        <div class="card days" key={p}>
          <h3>{platformName(t, p)}</h3>
          {components.filter((c) => c.platform === p).sort((a, b) => inOrder(order)(a.function, b.function)).map((c) => (
            <div class="days-row" key={c.id}>
              <a href={`/components/${c.id}`}>{functionName(t, c.function)}</a>
              <Bars component={c} />
            </div>
          ))}
          <div class="days-scale" aria-hidden="true"><span>{t.days.ago(89)}</span><span>{t.days.today}</span></div>
        </div>
      ))}
    </section>
  );
}
