// Every path of schema/openapi.json, asked of a real daemon in the middle of an incident.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually, Stack } from "../support/stack.mjs";
import { document, faults, follow } from "./contract.mjs";

const kToken = "a-token-that-only-this-test-knows";
/// A value for each parameter by its name.
const kSamples = {
  platform: "whatsapp", function: "media-upload", id: "1", probe: "whatsapp.media-upload-public", component: "whatsapp/media-upload",
  silence: "1", maintenance: "1", notification: "1", channel: "program",
  since: "6h", step: "1m", window: "7d", open: "true", limit: "5", class: "success", before: undefined,
};

/// What is sent to those that want more than a text.
const kBodies = {
  "/api/v1/silences": { component: "whatsapp/*", duration: "2h", reason: "seen by a test" },
  "/api/v1/maintenance": { component: "*/login", begins: new Date(Date.now() + 7 * 86_400_000).toISOString(), duration: "1h", zone: "Europe/Rome" },
  "/api/v1/user-reports": { component: "whatsapp/media-upload" },
};
/// What a path answers when all is well.
const success = (path) => Number(Object.keys(document.paths[path].post.responses).find((status) => status.startsWith("2")));

let stack;

/// A message that can be tried again; one that was tried again is refused again soon.
async function findGivenUp() {
  const { notifications } = await stack.get("/api/v1/notifications");
  kSamples.notification = String(notifications.find(({ state }) => state === "failed")?.id ?? "");
  return kSamples.notification;
}

async function ask(method, address, { token, body, headers } = {}) {
  const answer = await fetch(stack.address + address, {
    method: method.toUpperCase(), body,
    headers: { Accept: "application/json", ...(token && { Authorization: `Bearer ${token}` }), ...(body && { "Content-Type": "application/json" }), ...headers } });
  const type = (answer.headers.get("content-type") ?? "").split(";")[0], text = await answer.text();
  return { status: answer.status, type, headers: answer.headers, body: type.endsWith("json") ? JSON.parse(text) : text };
}

const fill = (path) => path.replace(/\{(\w+)\}/g, (_, name) => kSamples[name]);
const parameters = (path, method) => (document.paths[path][method].parameters ?? []).map(follow);

before(async () => {
  stack = await Stack.start({ speed: 60, config: async (settings, { folder }) => {
    await writeFile(join(folder, "admin"), kToken, { mode: 0o600 });
    settings.secrets.admin = { file: join(folder, "admin") };
    settings.serve.admin_token = "${secret:admin}";
    settings.channels = { program: { type: "exec", command: ["/bin/true"] }, refusing: { type: "exec", command: ["/bin/sh", "-c", "exit 65"] } };
  } });
  await stack.healthy();
  await stack.simulate("/faults", [{ platform: "whatsapp", functions: ["media-upload"], layer: "http_5xx", share: 1 }]);
  await eventually("an incident", async () => {
    const { incidents } = await stack.status();
    kSamples.id = String(incidents.find((one) => one.components.some(({ id }) => id === "whatsapp/media-upload"))?.id ?? "");
    return kSamples.id;
  });
  await eventually("some results", async () => (await stack.get("/api/v1/results?component=whatsapp/media-upload")).results.length > 7);
});

after(() => stack?.stop());

for (const [path, methods] of Object.entries(document.paths)) {
  if (!methods.get) continue;
  test(`GET ${path} answers as described, with and without its parameters`, async () => {
    const query = new URLSearchParams();
    for (const { in: place, name } of parameters(path, "get")) if (place === "query" && kSamples[name]) query.set(name, kSamples[name]);
    for (const address of [fill(path), `${fill(path)}?${query}`]) {
      const { status, type, body } = await ask("get", address);
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual(faults("get", path, 200, type, body), [], address);
    }
  });
}

test("lists are read to their end page by page, nothing twice", async () => {
  const seen = new Set();
  let before = "", pages = 0;
  do {
    const { body } = await ask("get", `/api/v1/results?component=whatsapp/media-upload&limit=7${before && `&before=${before}`}`);
    for (const result of body.results) {
      assert.ok(!seen.has(result.at + result.probe), `${result.probe} at ${result.at} came twice`);
      seen.add(result.at + result.probe);
    }
    before = body.next ? encodeURIComponent(body.next) : "";
  } while (before && ++pages < 5);
  assert.ok(seen.size > 7, `${seen.size} results`);
});

test("what people say changes the incident and is answered as described", async () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!methods.post) continue;
    if (path.includes("{notification}")) await eventually("a message that was given up", findGivenUp);
    const said = /\/(end|retry|test|run)$/.test(path) ? undefined : JSON.stringify(kBodies[path] ?? { text: "seen by a test" });
    const { status, type, body } = await ask("post", fill(path), { token: kToken, body: said });
    assert.equal(status, success(path), `${path}: ${JSON.stringify(body)}`);
    assert.deepEqual(faults("post", path, status, type, body), [], path);
  }
  const { body } = await ask("get", fill("/api/v1/incidents/{id}"));
  const kinds = body.timeline.map((update) => update.kind);
  for (const kind of ["acknowledged", "note", "hypothesis", "vendor"]) assert.ok(kinds.includes(kind), `${kind} in ${kinds}`);
});

test("a message that was not given up and a channel that is not there are not found", async () => {
  for (const [path, address] of [["/api/v1/notifications/{notification}/retry", "/api/v1/notifications/999999/retry"],
    ["/api/v1/channels/{channel}/test", "/api/v1/channels/nobody/test"]]) {
    const { status, type, body } = await ask("post", address, { token: kToken });
    assert.equal(status, 404, JSON.stringify(body));
    assert.deepEqual(faults("post", path, status, type, body), []);
  }
});

test("nobody without the token changes anything", async () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    if (!methods.post?.security) continue;
    const { status, type, body } = await ask("post", fill(path), { body: JSON.stringify({ text: "an intruder" }) });
    assert.equal(status, 401, path);
    assert.deepEqual(faults("post", path, status, type, body), []);
  }
  const { body } = await ask("get", fill("/api/v1/incidents/{id}"));
  assert.ok(!JSON.stringify(body).includes("an intruder"));
});

const kMistakes = [
  ["get", "/api/v1/incidents/{id}", "/api/v1/incidents/999999", 404],
  ["get", "/api/v1/incidents/{id}", "/api/v1/incidents/first", 404],
  ["get", "/api/v1/incidents/{id}", "/api/v1/incidents/99999999999999999999", 404],
  ["get", "/api/v1/incidents", "/api/v1/incidents?open=maybe", 400],
  ["get", "/api/v1/incidents", "/api/v1/incidents?limit=0", 400],
  ["get", "/api/v1/incidents", "/api/v1/incidents?limit=many", 400],
  ["get", "/api/v1/incidents", "/api/v1/incidents?since=yesterday", 400],
  ["get", "/api/v1/components/{platform}/{function}/history", "/api/v1/components/whatsapp/nothing/history", 404],
  ["get", "/api/v1/components/{platform}/{function}/history", "/api/v1/components/whatsapp/media-upload/history?since=-1h", 400],
  ["get", "/api/v1/components/{platform}/{function}/history", "/api/v1/components/whatsapp/media-upload/history?step=1ns", 400],
  ["get", "/api/v1/components/{platform}/{function}/history", "/api/v1/components/..%2f..%2fetc/passwd/history", 404],
  ["get", "/api/v1/results", "/api/v1/results?class=wonderful", 400],
  ["get", "/api/v1/results", "/api/v1/results?before=%ff%fe", 400],
  ["get", "/api/v1/uptime", "/api/v1/uptime?window=", 400],
  ["get", "/api/v1/status", "/api/v1/status?component=whatsapp/nothing", 404],
  ["get", "/api/v1/results", "/api/v1/results?component=whatsapp/nothing", 404],
  ["get", "/api/v1/notifications", "/api/v1/notifications?before=yesterday", 400],
];
for (const [method, path, address, expected] of kMistakes) {
  test(`${address} is ${expected}, as problem details`, async () => {
    const { status, type, body } = await ask(method, address);
    assert.equal(type, "application/problem+json", JSON.stringify(body));
    assert.equal(status, expected, JSON.stringify(body));
    assert.deepEqual(faults(method, path, status, type, body), []);
    assert.equal(body.status, expected);
  });
}

test("bodies that are no JSON, of the wrong shape or too long are refused", async () => {
  const note = (body) => ask("post", fill("/api/v1/incidents/{id}/note"), { token: kToken, body });
  for (const [body, expected] of [["{", 400], ["[]", 400], [JSON.stringify({ text: 7 }), 400], [JSON.stringify({ text: "x".repeat(100_000) }), 413]]) {
    const { status, type } = await note(body);
    assert.equal(status, expected, body.slice(0, 20));
    assert.equal(type, "application/problem+json");
  }
});

test("a path that does not exist and a method that is not offered are told apart", async () => {
  const missing = await ask("get", "/api/v1/nothing"), refused = await ask("delete", "/api/v1/status");
  assert.deepEqual([missing.status, missing.type], [404, "application/problem+json"]);
  assert.deepEqual([refused.status, refused.type], [405, "application/problem+json"]);
  assert.match(refused.headers.get("allow") ?? "", /GET/);
});

test("the daemon serves the very document that is described here", async () => {
  assert.deepEqual((await ask("get", "/api/v1/openapi.json")).body, document);
});
