// /api/v2 as an existing client of Atlassian Statuspage reads it, unchanged but for the address.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import statuspage from "statuspage.io";
import { eventually, Stack } from "../support/stack.mjs";

let stack, client;

before(async () => {
  stack = await Stack.start({ speed: 60 });
  await stack.healthy();
  client = new statuspage.Statuspage("outaged");
  client.setApiUrl(stack.address);
});
after(() => stack?.stop());

test("while everything works the client reads that all systems are operational", async () => {
  const { page, status } = await client.api.getStatus();
  assert.equal(status.indicator, "none");
  assert.ok(status.description && page.id && page.name && page.updated_at);
  const { components } = await client.api.getComponents();
  assert.ok(components.length >= 18);
  assert.ok(components.every((c) => c.status === "operational" && c.id && c.name && c.page_id === page.id));
  assert.deepEqual((await client.api.incidents.getUnresolved()).incidents, []);
});

test("in an outage the client reads which component fails, the incident, its updates, and its end", async () => {
  await stack.simulate("/faults", [{ platform: "instagram", functions: ["feed-load"], layer: "http_5xx", share: 1 }]);
  const summary = await eventually("the summary has the incident", async () => {
    const document = await client.api.getSummary();
    return document.incidents.length > 0 && document;
  });
  assert.notEqual(summary.status.indicator, "none");
  const failing = summary.components.filter((c) => c.status !== "operational");
  // What loads its pictures from the feed may fail by then too.
  assert.ok(failing.some((c) => c.name === "Feed loading on Instagram"));
  assert.ok(failing.every((c) => c.name.endsWith(" on Instagram")), JSON.stringify(failing));
  const [incident] = (await client.api.incidents.getUnresolved()).incidents;
  assert.equal(incident.id, summary.incidents[0].id);
  assert.ok(["investigating", "identified", "monitoring"].includes(incident.status));
  assert.ok(["minor", "major", "critical"].includes(incident.impact));
  assert.ok(incident.incident_updates.length > 0 && incident.incident_updates.every((u) => u.body && u.status && u.created_at));

  await stack.simulate("/faults", []);
  const [past] = await eventually("it is over", async () => {
    const { incidents } = await client.api.incidents.getAll();
    return incidents.every((i) => i.status === "resolved") && incidents;
  }, 120_000);
  assert.equal(past.id, incident.id);
  assert.ok(Date.parse(past.resolved_at) > Date.parse(past.started_at));
});

test("the client reads which maintenance is under way and which is to come", async () => {
  const now = Date.parse((await stack.status()).at);
  const add = async (component, inMs, duration, title) => {
    const begins = new Date(now + inMs).toISOString();
    const { code, output } = await stack.ctl("maintenance", "add", component, "--begins", begins, "--for", duration, "--title", title);
    assert.equal(code, 0, output);
  };
  await add("whatsapp/media-upload", -60_000, "20d", "New disks");
  await add("*/login", 7 * 86_400_000, "1h", "New keys");
  const names = ({ scheduled_maintenances: all }) => all.map((one) => one.name);
  // Whatever this client is asked for, it asks for those to come.
  assert.deepEqual(names(await client.api.scheduledMaintenances.getUpcoming()), ["New keys"]);
  const documents = "/api/v2/scheduled-maintenances";
  assert.deepEqual(names(await stack.get(`${documents}/active.json`)), ["New disks"]);
  assert.deepEqual(names(await stack.get(`${documents}.json`)), ["New disks", "New keys"]);
  const { scheduled_maintenances: [disks, keys] } = await client.api.getSummary();
  assert.equal(disks.status, "in_progress");
  assert.deepEqual(disks.components.map((one) => one.name), ["Media upload on WhatsApp"]);
  assert.equal(keys.status, "scheduled");
  assert.ok(keys.components.length >= 3);
  assert.ok(Date.parse(keys.scheduled_until) - Date.parse(keys.scheduled_for) === 3_600_000);
});
