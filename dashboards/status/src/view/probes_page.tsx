// The probes, what each last found, and those that cannot ask properly.
import type { Probe, Probes, Problem, Spending } from "../api";
import { useDocument } from "../live";
import { useClock, useSettings } from "../settings";
import { Awaited } from "./awaited";
import { componentName, milliseconds, platformName, size, spelledOut } from "../words";

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
          <li class="card" key={p.probe + p.kind}><b>{p.probe}</b> <span class="badge plain">{t.probes.kinds[p.kind] ?? p.kind}</span> <span class="quiet"><time dateTime={p.since}>{clock.moment(p.since)}</time></span> <span lang="en">{p.detail}</span></li>
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
      <span class={`verdict ${last.class}`}>{t.probes.classes[last.class] ?? last.class}</span>, {milliseconds(t, last.took_ms)}, <time dateTime={last.at}>{clock.seconds(last.at)}</time>
      {last.failure && <span class="quiet block evidence" lang="en">{last.failure.detail}</span>}
    </span>
  );
}

function ProbeState({ probe }: { probe: Probe }) {
  const { t } = useSettings();
  const clock = useClock();
  return (
    <span>
      {t.probes.states[probe.state] ?? probe.state}
      {probe.left_alone_until && <span class="quiet block"><time dateTime={probe.left_alone_until}>{t.probes.alone(clock.moment(probe.left_alone_until))}</time></span>}
      {probe.usage_percent !== undefined && <span class="quiet block">{t.probes.usage(probe.usage_percent)}</span>}
    </span>
  );
}

/// What was asked of whom, and what may be.
function Budgets({ budgets, at }: { budgets: Spending[]; at?: string }) {
  const { t } = useSettings();
  const clock = useClock();
  const { owner, requests, bytes } = t.probes;
  const of = (spent: number, most: number | undefined, words: (n: number) => string) =>
    most === undefined ? t.probes.unbounded(words(spent)) : t.probes.of(words(spent), words(most));
  return (
    <section aria-labelledby="budgets-title">
      <h2 id="budgets-title">{t.probes.budgets}</h2>
      <p class="quiet">{t.probes.budgetsExplained}{at && <> {t.probes.budgetsAt(clock.moment(at))}</>}</p>
      <table class="list">
        <thead><tr>{[owner, requests, bytes].map((name) => <th scope="col" key={name}>{name}</th>)}</tr></thead>
        <tbody>
          {budgets.map((b) => (
            <tr key={b.owner}>
              <th scope="row">{platformName(t, b.owner)}</th>
              <td data-name={requests}>{of(b.requests, b.max_requests, String)}</td>
              <td data-name={bytes}>{of(b.bytes, b.max_bytes, (n) => size(t, n))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
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
            <td data-name={every}>{spelledOut(t, p.interval)}</td>
            <td data-name={tier}>{t.probes.tiers[p.tier] ?? p.tier}</td>
            <td data-name={state}><ProbeState probe={p} /></td>
            <td data-name={last}><LastRun last={p.last} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function ProbesPage({ version, problems }: { version: number; problems: Problem[] }) {
  const { t } = useSettings();
  const { value, error } = useDocument<Probes>("/api/v1/probes", version);
  if (!value) return <Awaited lost={!!error} />;
  return (
    <article>
      <h1>{t.probes.title}</h1>
      <Problems problems={problems} />
      {value.probes.length === 0 ? <p class="card">{t.probes.none}</p> : <ProbeTable probes={value.probes} />}
      {value.budgets && value.budgets.length > 0 && <Budgets budgets={value.budgets} at={value.budgets_at} />}
    </article>
  );
}
