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

function LastRun({ last }: { last: Probe["last"] }) {
  const { t } = useSettings();
  const clock = useClock();
  if (!last) return <span class="quiet">{t.probes.never}</span>;
  return (
    <span>
      <span class={`verdict ${last.class}`}>{t.probes.classes[last.class] ?? last.class}</span>, {milliseconds(last.took_ms)}, <time dateTime={last.at}>{clock.seconds(last.at)}</time>
      {last.failure && <span class="quiet block evidence" lang="en">{last.failure.detail}</span>}
    </span>
  );
}

/// The column of components is left out where all are of one.
export function ProbeTable({ probes, ofOneComponent }: { probes: Probe[]; ofOneComponent?: boolean }) {
  const { t } = useSettings();
  const { probe, component, every, tier, state, last } = t.probes;
  const columns = [probe, ...(ofOneComponent ? [] : [component]), every, tier, state, last];
  return (
    <table class="list">
      <thead><tr>{columns.map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
      <tbody>
        {probes.map((p) => (
          <tr key={p.id}>
            <th scope="row">{p.title || p.id}<span class="quiet block">{p.id}</span></th>
            {!ofOneComponent && <td data-name={component}>{p.component.startsWith("control/") ? p.component : <a href={`/components/${p.component}`}>{componentName(t, p.component)}</a>}</td>}
            <td data-name={every}>{p.interval}</td>
            <td data-name={tier}>{t.probes.tiers[p.tier] ?? p.tier}</td>
            <td data-name={state}>{t.probes.states[p.state] ?? p.state}</td>
            <td data-name={last}><LastRun last={p.last} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ProbesPage({ version, problems }: { version: number; problems: Problem[] }) {
  const { t } = useSettings();
  const { value, error } = useDocument<{ probes: Probe[] }>("/api/v1/probes", version);
  if (error && !value) return <p class="card">{t.nothingYet}</p>;
  if (!value) return <p class="quiet" aria-busy="true">…</p>;
  return (
    <article>
      <h1>{t.probes.title}</h1>
      <Problems problems={problems} />
      {value.probes.length === 0 ? <p class="card">{t.probes.none}</p> : <ProbeTable probes={value.probes} />}
    </article>
  );
}
