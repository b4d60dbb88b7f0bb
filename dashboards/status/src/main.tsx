// The page: takes over what the server rendered, then follows addresses without loading anew.
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { useWorld } from "./live";
import { ReaderContext, useReader } from "./settings";
import { Awaited, ServedContext, type Served } from "./view/awaited";
import { ComponentPage } from "./view/component_page";
import { Frame, Freshness } from "./view/frame";
import { IncidentPage, OpenIncident, PastIncidents } from "./view/incidents";
import { NowPage } from "./view/now_page";
import { ProbesPage } from "./view/probes_page";

/// Paths that this page shows itself; all others are left to the browser.
const kOwn = /^\/($|incidents(\/\d+)?$|probes$|components\/[a-z0-9-]+\/[a-z0-9-]+$)/;

function usePath(): string {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const follow = (event: MouseEvent) => {
      const link = (event.target as Element).closest?.("a");
      if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      if (link.origin !== location.origin || link.hash || !kOwn.test(link.pathname)) return;
      event.preventDefault();
      history.pushState(null, "", link.pathname);
      setPath(link.pathname);
      scrollTo(0, 0);
      document.getElementById("content")?.focus({ preventScroll: true });
    };
    const back = () => setPath(location.pathname);
    document.addEventListener("click", follow);
    addEventListener("popstate", back);
    return () => { document.removeEventListener("click", follow); removeEventListener("popstate", back); };
  }, []);
  return path;
}

function Page({ served }: { served: Served }) {
  const reader = useReader();
  const world = useWorld();
  const path = usePath();
  const { t } = reader;
  const [, kind, first, second] = path.split("/");
  useEffect(() => {
    if (!world.status) return; // the server's title says more
    const indicator = { operational: "✓", degraded: "!", outage: "✕" }[world.status.indicator] ?? "?";
    document.title = `${indicator} ${t.pageTitle} – ${world.status.site.name}`;
  }, [world.status?.indicator, world.status?.site.name, t]);
  let view;
  if (!world.status) view = <Awaited lost={world.link === "daemon-lost"} />;
  else if (kind === "incidents" && first) view = <IncidentPage id={first} version={world.version} />;
  else if (kind === "incidents") view = (
    <>
      <h1>{t.nav.incidents}</h1>
      {world.status.incidents.length === 0 && <p class="card">{t.incidents.none}</p>}
      {world.status.incidents.length > 0 && <h2>{t.incidents.open}</h2>}
      {world.status.incidents.map((i) => <OpenIncident key={i.id} incident={i} components={world.status?.components ?? []} />)}
      {world.past && <PastIncidents incidents={world.past} />}
    </>
  );
  else if (kind === "probes") view = <ProbesPage version={world.version} problems={world.status.problems} />;
  else if (kind === "components" && first && second) view = <ComponentPage key={path} id={`${first}/${second}`} component={world.components?.find((c) => c.id === `${first}/${second}`)} past={world.past} version={world.version} />;
  else view = <NowPage world={world} status={world.status} />;
  return (
    <ReaderContext.Provider value={reader}>
      <ServedContext.Provider value={path === served.path && served.html ? served : undefined}>
        <Frame path={path}><Freshness world={world} />{view}</Frame>
      </ServedContext.Provider>
    </ReaderContext.Provider>
  );
}

const root = document.getElementById("app");
if (root) {
  const served = { path: location.pathname, language: document.documentElement.lang, html: document.getElementById("content")?.innerHTML ?? "" };
  root.replaceChildren();
  render(<Page served={served} />, root);
}
