// What surrounds every page: name, navigation, the reader's choices, how fresh all this is, and the foot.
import type { ComponentChildren } from "preact";
import { useContext } from "preact/hooks";
import type { World } from "../live";
import { useClock, useSettings, type Theme } from "../settings";
import { ServedContext } from "./awaited";

const zones = (own: string): string[] => {
  const all = (Intl as unknown as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.("timeZone") ?? [];
  return [...new Set(["UTC", own, ...all])];
};

export function Freshness({ world }: { world: World }) {
  const { t } = useSettings();
  const clock = useClock();
  const served = useContext(ServedContext);
  if (world.link === "daemon-lost") {
    return <p class="freshness lost" role="alert">{world.heardAt ? t.daemonLost(clock.seconds(new Date(world.heardAt).toISOString())) : served ? t.asLoaded : t.nothingYet}</p>;
  }
  if (!world.status) return <p class="freshness" role="status">…</p>;
  return (
    <p class="freshness" role="status">
      <span class={`dot ${world.link}`} aria-hidden="true" /> {world.link === "live" ? t.live : t.streamLost} · {t.asOf(clock.full(world.status.at), world.status.site.name)}
    </p>
  );
}

export function Frame({ path, children }: { path: string; children: ComponentChildren }) {
  const { t, language, zone, theme, set } = useSettings();
  const link = (href: string, text: string) => <a href={href} aria-current={path === href ? "page" : undefined}>{text}</a>;
  return (
    <>
      <a class="skip" href="#content">{t.skip}</a>
      <header class="top">
        <a class="brand" href="/"><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M2 13h5l3-8 4 14 3-6h5" /></svg> outaged</a>
        <nav aria-label="outaged">{link("/", t.nav.now)} {link("/incidents", t.nav.incidents)} {link("/probes", t.nav.probes)}</nav>
        <div class="choices">
          <label><span class="unseen">{t.settings.language}</span>
            <select value={language} onChange={(e) => set({ language: e.currentTarget.value as "en" | "it" })}><option value="en">English</option><option value="it">Italiano</option></select></label>
          <label><span class="unseen">{t.settings.zone}</span>
            <select class="zone" value={zone} onChange={(e) => set({ zone: e.currentTarget.value })}>{zones(zone).map((z) => <option key={z} value={z}>{z}</option>)}</select></label>
          <label><span class="unseen">{t.settings.theme}</span>
            <select value={theme} onChange={(e) => set({ theme: e.currentTarget.value as Theme })}><option value="auto">{t.settings.auto}</option><option value="light">{t.settings.light}</option><option value="dark">{t.settings.dark}</option></select></label>
        </div>
      </header>
      <main id="content" tabIndex={-1}>{children}</main>
      <footer><p>{t.footer.words} <a href="/api/v1/openapi.json">{t.footer.api}</a> · <a href="/feed.atom">{t.footer.feed}</a> · <a href="/metrics">{t.footer.metrics}</a></p></footer>
    </>
  );
}
