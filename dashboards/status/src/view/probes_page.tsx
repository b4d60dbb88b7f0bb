// The probes, what each last found, and those that cannot ask properly.
import type { Probe, Problem } from "../api";
import { useDocument } from "../live";
import { useClock, useSettings } from "../settings";
import { componentName, milliseconds } from "../words";

export function Problems({ problems }: { problems: Problem[] }) {
  const { t } = useSettings();
  const clock = useClock();
  if (!problems.length) return null;
  return (
    <section aria-labelledby="problems-title">
      <h2 id="problems-title">{t.probes.problems}</h2>
      <p class="quiet">{t.probes.problemsExplained}</p>
      <ul class="past">
        {problems.map((p) => (
          <li class="card" key={p.probe + p.kind}><b>{p.probe}</b> <span class="badge plain">{p.kind}</span> <span class="quiet"><time dateTime={p.since}>{clock.moment(p.since)}</time></span> <span lang="en">{p.detail}</span></li>
        ))}
      </ul>
    </section>
  );
}

export function ProbesPage({ version, problems }: { version: number; problems: Problem[] }) {
  const { t } = useSettings();
  const clock = useClock();
  const { value, error } = useDocument<{ probes: Probe[] }>("/api/v1/probes", version);
  if (error && !value) return <p class="card">{t.nothingYet}</p>;
  if (!value) return <p class="quiet" aria-busy="true">…</p>;
  return (
    <article>
      <h1>{t.probes.title}</h1>
      <Problems problems={problems} />
      {value.probes.length === 0 && <p class="card">{t.probes.none}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label={t.probes.title}>
        <table class="list">
          <thead><tr>{[t.probes.probe, t.probes.component, t.probes.every, t.probes.tier, t.probes.state, t.probes.last].map((h) => <th scope="col" key={h}>{h}</th>)}</tr></thead>
          <tbody>
            {value.probes.map((p) => (
              <tr key={p.id}>
                <th scope="row">{p.title || p.id}<span class="quiet block">{p.id}</span></th>
                <td>{p.component.startsWith("control/") ? p.component : <a href={`/components/${p.component}`}>{componentName(t, p.component)}</a>}</td>
                <td>{p.interval}</td>
                <td>{t.probes.tiers[p.tier] ?? p.tier}</td>
                <td>{t.probes.states[p.state] ?? p.state}</td>
                <td>{p.last ? (
                  <><span class={`verdict ${p.last.class}`}>{t.probes.classes[p.last.class] ?? p.last.class}</span>, {milliseconds(p.last.took_ms)}, <time dateTime={p.last.at}>{clock.seconds(p.last.at)}</time>
                    {p.last.failure && <span class="quiet block evidence" lang="en">{p.last.failure.detail}</span>}</>
                ) : <span class="quiet">{t.probes.never}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </article>
  );
}
