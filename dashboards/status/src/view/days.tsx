// Ninety days as bars, a row for each component.
import type { Component, Day, State } from "../api";
import { useClock, useSettings } from "../settings";
import { functionName, functionsOf, inOrder, lasted, percent, platformName, platformsOf } from "../words";

const kWidth = 6, kGap = 2, kHeight = 30;
/// The worse a day was, the taller its bar, so that it can be told without any colour.
const kHeights: Record<State, number> = { operational: 12, degraded_performance: 18, partial_outage: 24, major_outage: kHeight, under_maintenance: 12, unknown: 4 };

function Bar({ state, x = 0, title }: { state: State; x?: number; title?: string }) {
  return (
    <rect class={state} x={x} y={kHeight - kHeights[state]} width={kWidth} height={kHeights[state]} rx="1">
      {title && <title>{title}</title>}
    </rect>
  );
}

/// What the figures and the bars mean.
export function DaysExplained() {
  const { t } = useSettings();
  return (
    <>
      <p class="quiet">{t.days.explained}</p>
      <ul class="days-legend quiet">
        {(Object.keys(kHeights) as State[]).map((state) => (
          <li key={state}><svg viewBox={`0 0 ${kWidth} ${kHeight}`} aria-hidden="true"><Bar state={state} /></svg> {t.state[state === "unknown" ? "none" : state]}</li>
        ))}
      </ul>
    </>
  );
}

export function Bars({ component, inFull }: { component: Component; inFull?: boolean }) {
  const { t } = useSettings();
  const clock = useClock();
  const days = component.days ?? [];
  const known = days.reduce((sum, d) => sum + d.known_s, 0);
  const down = days.reduce((sum, d) => sum + d.down_s, 0);
  const words = (day: Day) => {
    if (day.peak_state === "unknown") return t.days.nothing;
    const parts = [day.down_s > 0 && t.days.down(lasted(t, day.down_s)), day.degraded_s > 0 && t.days.slow(lasted(t, day.degraded_s))].filter(Boolean);
    return `${t.state[day.peak_state]}, ${parts.join(", ") || t.days.ok}`;
  };
  const title = (day: Day) => `${clock.day(day.day)}: ${words(day)}`;
  const share = percent(t, known ? 1 - down / known : 0);
  const summary = known ? t.days.share(share, lasted(t, known)) : t.days.nothing;
  const spoken = [summary, ...days.filter((d) => d.down_s > 0 || d.degraded_s > 0).map(title)].join("; ");
  return (
    <div class={inFull ? "bars in-full" : "bars"}>
      <svg viewBox={`0 0 ${days.length * (kWidth + kGap) - kGap} ${kHeight}`} preserveAspectRatio="none" role="img" aria-label={spoken}>
        {days.map((day, i) => <Bar key={day.day} state={day.peak_state} x={i * (kWidth + kGap)} title={title(day)} />)}
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
      <DaysExplained />
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
