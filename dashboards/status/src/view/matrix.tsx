// The first glance: platform × function.
import type { Component } from "../api";
import { useSettings } from "../settings";
import { functionName, functionsOf, lasted, milliseconds, percent, platformName, platformsOf } from "../words";
import { Mark } from "./marks";
import { Spark } from "./spark";

/// A last result that is older than this is told with its age.
const kFreshSeconds = 15 * 60;

function Cell({ component, at }: { component: Component; at: string }) {
  const { t } = useSettings();
  const age = (Date.parse(at) - Date.parse(component.last_result_at ?? at)) / 1000;
  const fails = component.state === "partial_outage" || component.state === "major_outage";
  // Of one of which nothing can be said, figures would look like the platform's.
  const known = component.attempts > 0 && component.state !== "unknown";
  return (
    <a class={`cell ${component.state}`} href={`/components/${component.id}`}>
      <span class="cell-head"><Mark state={component.state} /> <b>{t.state[component.state]}</b></span>
      <span class="cell-figures">
        {fails && component.failure_share > 0 && <span class="share">{percent(t, component.failure_share)} {t.matrix.fails}</span>}
        {known && component.latency_ms.p95 !== undefined && <span class="p95"><span class="unseen">{t.matrix.p95} </span>{milliseconds(t, component.latency_ms.p95)}</span>}
        {!known && <span>–</span>}
        {age > kFreshSeconds && <span class="age">{t.matrix.ago(lasted(t, age))}</span>}
      </span>
      {known && component.recent && <Spark recent={component.recent} />}
    </a>
  );
}

export function Matrix({ components, at }: { components: Component[]; at: string }) {
  const { t } = useSettings();
  const platforms = platformsOf(components), functions = functionsOf(components);
  const find = (p: string, f: string) => components.find((c) => c.platform === p && c.function === f);
  return (
    <section aria-labelledby="matrix-title">
      <h2 id="matrix-title">{t.matrix.title}</h2>
      <table class="matrix">
        <caption class="unseen">{t.matrix.caption}. {t.matrix.legend}</caption>
        <thead>
          <tr><th scope="col"><span class="unseen">{t.matrix.platform}</span></th>{functions.map((f) => <th scope="col" key={f}>{functionName(t, f)}</th>)}</tr>
        </thead>
        <tbody>
          {platforms.map((p) => (
            <tr key={p}>
              <th scope="row">{platformName(t, p)}</th>
              {functions.map((f) => {
                const component = find(p, f);
                return (
                  <td key={f} class={component ? "" : "empty"} data-function={functionName(t, f)}>
                    {component ? <Cell component={component} at={at} /> : <span class="not-probed">{t.matrix.notProbed}</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">{t.matrix.figures}</p>
    </section>
  );
}
