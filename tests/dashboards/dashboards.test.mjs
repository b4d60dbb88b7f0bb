// Metrics, alerting rules and dashboards against Prometheus itself, which scrapes a daemon while a platform fails.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { eventually, freePort, kSource, Program, Stack } from "../support/stack.mjs";

const kGrafana = join(kSource, "dashboards/grafana");
const kRules = join(kSource, "dashboards/prometheus");
const kDashboards = readdirSync(kGrafana).filter((name) => name.endsWith(".json"))
  .map((name) => ({ name, ...JSON.parse(readFileSync(join(kGrafana, name), "utf8")) }));

let stack, prometheus, address;

/// What Prometheus answers; its own words when it refuses.
async function ask(path, parameters) {
  const answer = await fetch(`${address}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const { status, data, error } = await answer.json();
  assert.equal(status, "success", `${JSON.stringify(parameters)}: ${error}`);
  return data;
}
const value = async (query) => Number((await ask("query", { query })).result[0]?.value[1]);

async function startPrometheus() {
  const port = await freePort(), file = join(stack.folder, "prometheus.yml");
  await writeFile(file, JSON.stringify({
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: [join(kRules, "outaged.rules.yml")],
    scrape_configs: [{ job_name: "outaged", static_configs: [{ targets: [new URL(stack.address).host] }] }],
  })); // JSON is YAML
  prometheus = new Program("prometheus", [`--config.file=${file}`, `--storage.tsdb.path=${join(stack.folder, "tsdb")}`,
    `--web.listen-address=127.0.0.1:${port}`]);
  address = `http://127.0.0.1:${port}`;
  await eventually("Prometheus has scraped", async () => {
    if (!prometheus.running) throw new Error(prometheus.log);
    return (await value("up")) === 1;
  });
}

before(async () => {
  stack = await Stack.start({ speed: 60 });
  await stack.healthy();
  await startPrometheus();
  await stack.simulate("/faults", [{ platform: "whatsapp", functions: ["media-upload", "media-download"], layer: "http_5xx", share: 1 }]);
  await eventually("Prometheus has seen both functions fail", async () =>
    (await value('sum(outaged_component_state{platform="whatsapp",state="major_outage"})')) === 2, 120_000);
});

after(async () => {
  await prometheus?.stop();
  await stack?.stop();
});

test("promtool finds nothing wrong with the metrics", async () => {
  const input = await (await fetch(`${stack.address}/metrics`)).text();
  execFileSync("promtool", ["check", "metrics"], { input });
  assert.match(input, /^outaged_component_state\{.*state="major_outage"\} 1$/m);
});

test("promtool finds nothing wrong with the rules, and they fire when they should", () => {
  execFileSync("promtool", ["check", "rules", "outaged.rules.yml"], { cwd: kRules, stdio: "pipe" });
  execFileSync("promtool", ["test", "rules", "outaged.rules.test.yml"], { cwd: kRules, stdio: "pipe" });
});

test("the rule of a failing function is waiting to fire in Prometheus itself", async () => {
  const waiting = await eventually("an alert", async () => {
    const { alerts } = await ask("alerts", {});
    return alerts.find((a) => a.labels.alertname === "PlatformFunctionDown");
  });
  assert.equal(waiting.labels.platform, "whatsapp");
});

test("every expression of a rule is one that Prometheus evaluates", async () => {
  const { groups } = await ask("rules", {});
  const rules = groups.flatMap((group) => group.rules);
  assert.ok(rules.length >= 8);
  for (const rule of rules) assert.equal(rule.health, "ok", `${rule.name}: ${rule.lastError}`);
});

test("the dashboards are what their description makes of them", () => {
  execFileSync("python3", [join(kGrafana, "make.py"), "--check"]);
});

/// The values that a dashboard's variables can take, asked for as Grafana does.
async function variables(dashboard) {
  const values = {};
  for (const { name, query } of dashboard.templating.list) {
    if (name === "DS") continue;
    const [, metric, label] = query.query.match(/^label_values\((\w+), (\w+)\)$/);
    values[name] = await ask(`label/${label}/values`, { "match[]": metric });
    assert.ok(values[name].length > 0, `${dashboard.name}: nothing to choose for ${name}`);
  }
  return values;
}

for (const dashboard of kDashboards) {
  test(`each query of each panel has data: ${dashboard.name}`, async () => {
    const choices = await variables(dashboard);
    const chosen = { platform: "whatsapp", probe: choices.probe?.find((name) => name.startsWith("whatsapp.media")) };
    assert.ok(dashboard.panels.length > 0);
    for (const panel of dashboard.panels) {
      for (const { expr } of panel.targets) {
        const query = expr.replace(/\$(\w+)/g, (_, name) => chosen[name]);
        const now = Date.now() / 1000;
        const { result } = await ask("query_range", { query, start: now - 60, end: now, step: 1 });
        assert.ok(result.length > 0, `${panel.title}: ${query}`);
        assert.ok(result.every((one) => one.values.every(([, v]) => Number.isFinite(Number(v)))), `${panel.title}: not a number`);
      }
    }
  });
}

test("the board of states tells the failing function from the others", async () => {
  const { expr } = kDashboards.find((d) => d.name === "overview.json").panels.find((p) => p.type === "state-timeline").targets[0];
  const { result } = await ask("query", { query: expr });
  const of = (platform, name) => result.find((r) => r.metric.platform === platform && r.metric.function === name)?.value[1];
  assert.equal(of("whatsapp", "media-upload"), "3");
  assert.equal(of("whatsapp", "login"), "0");
});
