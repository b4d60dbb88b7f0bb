// What the platforms' owners say: on their status pages, trouble first, and what people recorded of them with incidents.
import type { State, Status, VendorClaim } from "../api";
import { useClock, useSettings } from "../settings";
import { platformName } from "../words";
import { Mark } from "./marks";

const kMarks: Record<VendorClaim["state"], State> = {
  fine: "operational", maintenance: "under_maintenance", degraded: "degraded_performance", outage: "major_outage", unclear: "unknown" };

/// One that is not just fine, in the vendor's words.
function Claim({ claim }: { claim: VendorClaim }) {
  const { t } = useSettings();
  const clock = useClock();
  return (
    <li>
      <Mark state={kMarks[claim.state] ?? "unknown"} /> <b>{claim.vendor}, {claim.subject}</b>: <span lang="en">“{claim.words}”</span>{" "}
      <span class="quiet">{claim.since && `${t.vendor.since(clock.moment(claim.since))}, `}{t.vendor.read(clock.moment(claim.read_at))}</span>
    </li>
  );
}

export function Vendors({ status }: { status: Status }) {
  const { t } = useSettings();
  const clock = useClock();
  const claims = status.vendors ?? [];
  const told = claims.filter((c) => c.state !== "fine");
  const recorded = status.incidents.flatMap((i) => i.timeline.filter((u) => u.kind === "vendor").slice(-1).map((u) => ({ ...u, platforms: [...new Set(i.components.map((c) => c.platform))] })));
  return (
    <section class="card" aria-labelledby="vendor-title">
      <h2 id="vendor-title">{t.vendor.title}</h2>
      {claims.length + recorded.length === 0 && <p class="quiet">{t.vendor.none}</p>}
      {claims.length > 0 && (
        <ul class="affected">
          {told.map((c) => <Claim key={c.probe + c.subject} claim={c} />)}
          {[...new Set(claims.map((c) => c.vendor))].map((vendor) => {
            const fine = claims.filter((c) => c.vendor === vendor && c.state === "fine");
            if (!fine.length) return null;
            const read = fine.map((c) => c.read_at).sort()[0]!; // the oldest
            return (
              <li key={vendor}>
                <Mark state="operational" /> <b>{vendor}</b>: {told.some((c) => c.vendor === vendor) ? t.vendor.othersFine(fine.length) : t.vendor.fine}, <span class="quiet">{t.vendor.read(clock.moment(read))}</span>
              </li>
            );
          })}
        </ul>
      )}
      {recorded.map((r) => <p key={r.at}><b>{r.platforms.map((p) => platformName(t, p)).join(", ")}</b>: “{r.text}” <span class="quiet">{t.vendor.said(clock.moment(r.at))}</span></p>)}
    </section>
  );
}
