// The first glance: platform × function.
import type { Component } from "../api";
import { useSettings } from "../settings";
import { functionName, functionsOf, milliseconds, percent, platformName, platformsOf } from "../words";
import { Mark } from "./marks";
import { Spark } from "./spark";

function Cell({ component }: { component: Component }) {
  const { t } = useSettings();
  const fails = component.state === "partial_outage" || component.state === "major_outage";
  const known = component.attempts > 0;
  return (
    <a class={`cell ${component.state}`} href={`/components/${component.id}`}>
      <span class="cell-head"><Mark state={component.state} /> <b>{t.state[component.state]}</b></span>
      <span class="cell-figures">
        {fails && <span class="share">{percent(component.failure_share)} {t.matrix.fails}</span>}
        {known && component.latency_ms.p95 !== undefined && <span class="p95"><span class="unseen">{t.matrix.p95} </span>{milliseconds(component.latency_ms.p95)}</span>}
        {!known && <span>–</span>}
      </span>
      {component.recent && <Spark recent={component.recent} />}
    </a>
  );
}

export function Matrix({ components }: { components: Component[] }) {
  const { t } = useSettings();
  const platforms = platformsOf(components), functions = functionsOf(components);
  const at = (p: string, f: string) => components.find((c) => c.platform === p && c.function === f);
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
                const component = at(p, f);
                return (
                  <td key={f} class={component ? "" : "empty"} data-function={functionName(t, f)}>
                    {component ? <Cell component={component} /> : <span class="not-probed">{t.matrix.notProbed}</span>}
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
