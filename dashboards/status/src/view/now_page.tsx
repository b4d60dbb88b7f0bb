// The first page: how it stands, in one sentence and then in a matrix.
import type { Status } from "../api";
import type { World } from "../live";
import { useClock, useSettings } from "../settings";
import { incidentTitle } from "../words";
import { Days } from "./days";
import { OpenIncident, PastIncidents } from "./incidents";
import { Mark } from "./marks";
import { Maintenances } from "./maintenance";
import { Matrix } from "./matrix";
import { Problems } from "./probes_page";
import { Vendors } from "./vendors";

/// After a start the slowest probes have been asked once by then.
const kYoungMs = 5 * 60_000;

function Headline({ status }: { status: Status }) {
  const { t } = useSettings();
  const offline = status.site.network === "offline";
  const unknown = status.components.filter((c) => c.state === "unknown");
  const young = Date.parse(status.at) - Date.parse(status.daemon.started_at ?? "") < kYoungMs;
  const calm = !offline && (status.indicator === "unknown" || status.indicator === "operational");
  const starting = calm && unknown.length > 0 && (young || status.components.every((c) => c.attempts === 0));
  const partly = !starting && !offline && status.indicator === "operational" && unknown.length > 0;
  const kind = offline ? "offline" : starting ? "starting" : partly ? "partly" : (status.indicator as "operational" | "degraded" | "outage" | "unknown");
  const mark = ({ operational: "operational", partly: "operational", degraded: "degraded_performance", outage: "major_outage" } as const)[kind as "operational"] ?? "unknown";
  const [first] = status.incidents;
  return (
    <div class={`headline ${partly ? "operational" : kind}`}>
      <Mark state={mark} />
      <div>
        <h1>{kind === "outage" && first ? incidentTitle(t, first) : t.headline[kind] ?? t.headline.unknown}</h1>
        {starting && <p>{t.startingDetail(unknown.length, status.components.length)}</p>}
        {partly && <p>{t.partlyDetail(unknown.length, status.components.length)}</p>}
        {offline && <p>{t.offlineDetail(status.site.controls_failing, status.site.controls)}</p>}
      </div>
    </div>
  );
}

function Beside({ status }: { status: Status }) {
  const { t } = useSettings();
  const clock = useClock();
  const { site } = status;
  return (
    <div class="columns beside">
      <section class="card" aria-labelledby="network-title">
        <h2 id="network-title">{t.network.title}</h2>
        <p><Mark state={site.network === "online" ? "operational" : site.network === "offline" ? "major_outage" : "unknown"} />{" "}
          {site.network === "online" ? t.network.online(site.controls - site.controls_failing, site.controls) : site.network === "offline" ? t.network.offline(clock.moment(site.since ?? status.at)) : t.network.unknown}</p>
      </section>
      <Vendors status={status} />
    </div>
  );
}

export function NowPage({ world, status }: { world: World; status: Status }) {
  const { t } = useSettings();
  const detail = new Map((world.components ?? []).map((c) => [c.id, c]));
  const components = status.components.map((c) => ({ ...c, recent: detail.get(c.id)?.recent, days: detail.get(c.id)?.days }));
  return (
    <>
      <Headline status={status} />
      <Matrix components={components} at={status.at} />
      <Beside status={status} />
      {status.incidents.length > 0 && (
        <section aria-labelledby="open-title">
          <h2 id="open-title">{t.incidents.open}</h2>
          {status.incidents.map((i) => <OpenIncident key={i.id} incident={i} components={status.components} />)}
        </section>
      )}
      <Maintenances version={world.version} />
      <Problems problems={status.problems} />
      <Days components={components} />
      {world.past && <PastIncidents incidents={world.past.slice(0, 10)} />}
    </>
  );
}
