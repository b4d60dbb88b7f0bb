// Incidents: the open ones in full, the past ones as a list, and one on a page of its own.
import { Fragment } from "preact";
import type { Component, Incident, Member, Update } from "../api";
import { useDocument } from "../live";
import { useClock, useSettings } from "../settings";
import { between, componentName, functionName, incidentTitle, percent, platformName, platformsOf } from "../words";
import { Awaited } from "./awaited";
import { Mark } from "./marks";
import { Said } from "./said";

const kShownUpdates = 6;

function Timeline({ updates, all }: { updates: Update[]; all?: boolean }) {
  const { t } = useSettings();
  const clock = useClock();
  const newest = [...updates].reverse();
  const shown = all ? newest : newest.slice(0, kShownUpdates);
  const hidden = newest.length - shown.length;
  return (
    <>
      <ol class="timeline" reversed>
        {shown.map((u) => (
          <li key={u.at + u.kind + u.text} class={u.kind}>
            <span class="timeline-head"><b>{t.update[u.kind] ?? u.kind}</b> <time dateTime={u.at} title={clock.full(u.at)}>{clock.moment(u.at)}</time></span>
            <Said text={u.text} />
          </li>
        ))}
      </ol>
      {hidden > 0 && <p class="quiet">{t.incidents.more(hidden)}</p>}
    </>
  );
}

/// `components`: as they are now. Of one of which nothing can be said, the incident knows only what it was last.
function Affected({ incident, components }: { incident: Incident; components: Component[] }) {
  const { t } = useSettings();
  const unknown = new Set(components.filter((c) => c.state === "unknown").map((c) => c.id));
  const state = (m: Member) => (unknown.has(m.id) ? "unknown" : m.state);
  const words = (m: Member) => {
    if (m.recovered_at) return t.update.recovered;
    return m.failure_share > 0 && !unknown.has(m.id) ? `${percent(t, m.failure_share)} ${t.matrix.fails}` : t.state[state(m)];
  };
  return (
    <ul class="affected">
      {incident.components.map((m) => (
        <li key={m.id}>
          <a href={`/components/${m.id}`}><Mark state={state(m)} /> {componentName(t, m.id)}</a>{" "}
          <span class="quiet">{words(m)}</span>
        </li>
      ))}
    </ul>
  );
}

function Badges({ incident }: { incident: Incident }) {
  const { t } = useSettings();
  return (
    <p class="badges">
      <span class={`badge ${incident.severity}`}>{t.severity[incident.severity] ?? incident.severity}</span>{" "}
      <span class="badge plain">{t.incidentState[incident.state] ?? incident.state}</span>
    </p>
  );
}

/// What still works, a line for each platform.
function Working({ components }: { components: Component[] }) {
  const { t } = useSettings();
  return (
    <dl class="works">
      {platformsOf(components).map((platform) => (
        <Fragment key={platform}>
          <dt><Mark state="operational" /> {platformName(t, platform)}</dt>
          <dd>{components.filter((c) => c.platform === platform).map((c, i) => (
            <Fragment key={c.id}>{i > 0 && ", "}<a href={`/components/${c.id}`}>{functionName(t, c.function)}</a></Fragment>))}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

export function OpenIncident({ incident, components }: { incident: Incident; components: Component[] }) {
  const { t } = useSettings();
  const clock = useClock();
  const touched = new Set(incident.components.map((m) => m.platform)), affected = new Set(incident.components.map((m) => m.id));
  const working = components.filter((c) => c.state === "operational" && touched.has(c.platform) && !affected.has(c.id));
  return (
    <article class={`card incident ${incident.severity}`}>
      <Badges incident={incident} />
      <h3><a href={`/incidents/${incident.id}`}>{incidentTitle(t, incident)}</a></h3>
      <p class="quiet"><time dateTime={incident.onset}>{t.incidents.since(clock.moment(incident.onset), between(t, incident.onset, incident.at))}</time></p>
      <p><Said text={incident.diagnosis} /></p>
      <div class="columns">
        <div><h4>{t.incidents.affected}</h4><Affected incident={incident} components={components} /></div>
        {working.length > 0 && (
          <div>
            <h4>{t.incidents.works}</h4>
            <Working components={working} />
          </div>
        )}
      </div>
      <h4>{t.incidents.timeline}</h4>
      <Timeline updates={incident.timeline} />
    </article>
  );
}

export function IncidentList({ incidents }: { incidents: Incident[] }) {
  const { t } = useSettings();
  const clock = useClock();
  return (
    <ul class="past">
      {incidents.map((i) => (
        <li key={i.id} class="card">
          <span class={`badge ${i.peak_severity}`}>{t.severity[i.peak_severity] ?? i.peak_severity}</span>{" "}
          <a href={`/incidents/${i.id}`}>{incidentTitle(t, i)}</a>
          <span class="quiet"><time dateTime={i.onset}>{clock.full(i.onset)}</time>, {i.resolved_at
            ? t.incidents.lasted(between(t, i.onset, i.recovery ?? i.resolved_at)) : t.incidentState[i.state] ?? i.state}</span>
        </li>
      ))}
    </ul>
  );
}

export function PastIncidents({ incidents }: { incidents: Incident[] }) {
  const { t } = useSettings();
  const past = incidents.filter((i) => i.resolved_at);
  return (
    <section aria-labelledby="past-title">
      <h2 id="past-title">{t.incidents.past}</h2>
      {past.length === 0 && <p class="quiet">{t.incidents.noneEver}</p>}
      <IncidentList incidents={past} />
    </section>
  );
}

export function IncidentPage({ id, version }: { id: string; version: number }) {
  const { t } = useSettings();
  const clock = useClock();
  const { value: incident, error } = useDocument<Incident>(`/api/v1/incidents/${encodeURIComponent(id)}`, version);
  if (error?.status === 404 && !incident) return <p class="card">{t.incidents.notFound}</p>;
  if (!incident) return <Awaited lost={!!error} />;
  const row = (name: string, at?: string, extra?: string) => at && (
    <div><dt>{name}</dt><dd><time dateTime={at}>{clock.full(at)}</time>{extra ? `, ${extra}` : ""}</dd></div>);
  return (
    <article class="incident-page">
      <p><a href="/incidents">← {t.incidents.back}</a></p>
      <Badges incident={incident} />
      <h1>{incidentTitle(t, incident)}</h1>
      <p class="lead"><Said text={incident.diagnosis} /></p>
      <dl class="facts card">
        {row(t.incidents.began, incident.onset)}
        {row(t.incidents.detected, incident.opened_at, t.incidents.after(between(t, incident.onset, incident.opened_at)))}
        {row(t.incidents.ended, incident.recovery, incident.recovery && t.incidents.lasted(between(t, incident.onset, incident.recovery)))}
        {row(t.incidents.resolved, incident.resolved_at)}
      </dl>
      <h2>{t.incidents.affected}</h2>
      <table class="list">
          <thead><tr><th scope="col">{t.probes.component}</th><th scope="col">{t.incidents.worst}</th><th scope="col">{t.incidents.where}</th><th scope="col">{t.incidents.evidence}</th></tr></thead>
          <tbody>
            {incident.components.map((m) => (
              <tr key={m.id}>
                <th scope="row"><a href={`/components/${m.id}`}>{platformName(t, m.platform)}: {functionName(t, m.function)}</a></th>
                <td data-name={t.incidents.worst}><span><Mark state={m.peak_state} /> {t.state[m.peak_state]}{m.worst_share > 0 ? `, ${percent(t, m.worst_share)}` : ""}</span></td>
                <td data-name={t.incidents.where}>{m.layer ? t.component.layer[m.layer] ?? m.layer : "–"}</td>
                <td class="evidence" data-name={t.incidents.evidence}><span lang="en">{m.example}</span></td>
              </tr>
            ))}
          </tbody>
        </table>
      <h2>{t.incidents.timeline}</h2>
      <Timeline updates={incident.timeline} all />
      <p><a href={`/api/v1/incidents/${incident.id}/report`}>{t.incidents.report}</a></p>
    </article>
  );
}
