// Maintenance that is under way or planned.
import type { Maintenance } from "../api";
import { useDocument } from "../live";
import { useClock, useSettings } from "../settings";
import { functionName, platformName, spelledOut } from "../words";
import type { Texts } from "../texts/texts";
import { Mark } from "./marks";

/// What a pattern such as "whatsapp/*" covers.
function covered(t: Texts, pattern: string): string {
  const [platform = "*", name = "*"] = pattern.split("/");
  return `${platform === "*" ? t.maintenance.everyPlatform : platformName(t, platform)}: ${name === "*" ? t.maintenance.everything : functionName(t, name)}`;
}

function Window({ one }: { one: Maintenance }) {
  const { t } = useSettings();
  const clock = useClock();
  const { active, until, next } = one;
  return (
    <li class="card">
      <span><Mark state={active ? "under_maintenance" : "none"} /> <b>{one.title || t.maintenance.untitled}</b></span>
      <span>{covered(t, one.component)}</span>
      <span class="quiet">
        {active && until && <time dateTime={until}>{t.maintenance.until(clock.moment(until))}</time>}
        {active && until && next && "; "}
        {next && <time dateTime={next}>{t.maintenance.from(clock.moment(next), spelledOut(t, one.duration))}</time>}
        {one.rule && `, ${t.maintenance.repeats}`}
      </span>
    </li>
  );
}

export function Maintenances({ version }: { version: number }) {
  const { t } = useSettings();
  const { value } = useDocument<{ maintenance: Maintenance[] }>("/api/v1/maintenance", version);
  if (!value?.maintenance.length) return null;
  const order = (m: Maintenance) => (m.active ? "" : m.next ?? "");
  return (
    <section aria-labelledby="maintenance-title">
      <h2 id="maintenance-title">{t.maintenance.title}</h2>
      <ul class="past">
        {[...value.maintenance].sort((a, b) => order(a).localeCompare(order(b))).map((one) => <Window key={one.id} one={one} />)}
      </ul>
    </section>
  );
}
