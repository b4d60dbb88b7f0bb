// A real daemon watching a real simulator, for tests that look at the daemon from outside. Everything lies in a folder of
// its own and goes with `stop()`; ports are free ones.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const kSource = fileURLToPath(new URL("../..", import.meta.url));
export const kPrograms = process.env.OUTAGED_BIN ?? join(kSource, "build/release/bin");
export const kPatienceMs = 60_000;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/// What `look` returns, as soon as that is something; an error that names `what` after `patience` milliseconds.
export async function eventually(what, look, patience = kPatienceMs) {
  const end = Date.now() + patience;
  let trouble;
  do {
    try {
      const found = await look();
      if (found) return found;
      trouble = undefined;
    } catch (error) {
      trouble = error;
    }
    await pause(50);
  } while (Date.now() < end);
  throw new Error(`waited ${patience / 1000} s in vain: ${what}`, { cause: trouble });
}

const children = new Set();
process.on("exit", () => children.forEach((child) => child.kill("SIGKILL")));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

/// A program that runs beside the test and never longer; `log` is all that it said.
export class Program {
  constructor(path, args, options = {}) {
    this.log = "";
    this.child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    children.add(this.child);
    this.child.on("exit", () => children.delete(this.child));
    this.ended = once(this.child, "exit").then(([code, signal]) => code ?? signal);
    this.child.stdout.on("data", (text) => (this.log += text));
    this.child.stderr.on("data", (text) => (this.log += text));
  }

  get running() {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async stop(signal = "SIGTERM") {
    if (this.running) this.child.kill(signal);
    return this.ended;
  }
}

/// The incident of `file`, its course squeezed into `minutes` minutes from its first phase on.
async function squeezed(file, minutes) {
  const incident = JSON.parse(await readFile(file, "utf8"));
  const times = incident.phases.flatMap((p) => [Date.parse(p.start), Date.parse(p.end)]);
  const begin = Math.min(...times), factor = (minutes * 60_000) / (Math.max(...times) - begin);
  const moved = (at) => new Date(begin + Math.round((Date.parse(at) - begin) * factor)).toISOString().replace(/\.\d+Z/, "Z");
  for (const phase of incident.phases) Object.assign(phase, { start: moved(phase.start), end: moved(phase.end) });
  for (const key of ["vendor_acknowledged_at", "resolved_at"]) if (incident[key]) incident[key] = moved(incident[key]);
  return incident;
}

export class Stack {
  /// `speed`: simulated seconds a second. `incident` plays that file of config/incidents, `minutes` long, after
  /// `healthyFor`. `config` changes the daemon's configuration before it starts.
  static async start({ speed = 30, incident, minutes = 30, healthyFor = "5m", config = () => {}, daemon = true } = {}) {
    const stack = new Stack();
    stack.folder = await mkdtemp(join(tmpdir(), "outaged-test-"));
    const [simulated, data, incidents] = ["sim", "data", "incidents"].map((name) => join(stack.folder, name));
    await Promise.all([simulated, data, incidents].map((folder) => mkdir(folder)));
    stack.configFile = join(stack.folder, "config.json");
    const play = [];
    if (incident) {
      await writeFile(join(incidents, `${incident}.json`), JSON.stringify(await squeezed(join(kSource, "config/incidents", `${incident}.json`), minutes)));
      play.push("--incidents", incidents, "--incident", incident, "--healthy-for", healthyFor);
    }
    try {
      stack.simulator = new Program(join(kPrograms, "outagesim"), ["--dir", simulated, "--seed", "7", "--speed", String(speed),
        "--probes", join(kSource, "probes"), "--data", data, "--write-config", stack.configFile, ...play]);
      const ready = await eventually("the simulator is ready", async () => {
        if (!stack.simulator.running) throw new Error(stack.simulator.log);
        await access(stack.configFile);
        return JSON.parse(await readFile(join(simulated, "ready.json"), "utf8"));
      });
      Object.assign(stack, { control: ready.control, variables: ready.variables, secrets: ready.secrets });
      const settings = JSON.parse(await readFile(stack.configFile, "utf8"));
      settings.serve.listen = "127.0.0.1:0";
      settings.clock = { ...settings.clock, speed };
      await config(settings, stack);
      await writeFile(stack.configFile, JSON.stringify(settings, null, 1));
      if (daemon) await stack.startDaemon();
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  async startDaemon() {
    this.daemon = new Program(join(kPrograms, "outaged"), ["--config", this.configFile], { cwd: this.folder });
    this.address = await eventually("the daemon listens", () => {
      if (!this.daemon.running) throw new Error(this.daemon.log);
      return this.daemon.log.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
    });
  }

  /// What outagectl says and its exit code; `json()` for those that were asked for it.
  ctl(...args) {
    return new Promise((done) => {
      execFile(join(kPrograms, "outagectl"), ["--config", this.configFile, ...args], (error, stdout, stderr) =>
        done({ code: error ? error.code : 0, output: stdout + stderr, json: () => JSON.parse(stdout) }));
    });
  }

  async get(path) {
    const answer = await fetch(this.address + path, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
    return answer.json();
  }
  status() {
    return this.get("/api/v1/status");
  }
  async incidents() {
    return (await this.get("/api/v1/incidents")).incidents;
  }

  /// Tells the simulator, such as simulate("/faults", [{platform, functions, layer, share}]).
  async simulate(path, what) {
    const answer = await fetch(this.control + path, { method: "PUT", body: JSON.stringify(what) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  }

  async healthy() {
    await eventually("everything works", async () => {
      const { components } = await this.status();
      return components.length > 0 && components.every((c) => c.state === "operational");
    });
  }

  async stop() {
    await this.daemon?.stop();
    await this.simulator?.stop();
    if (this.folder) await rm(this.folder, { recursive: true, force: true });
  }
}

/// A port of loopback that was free a moment ago, for programs that cannot choose one themselves.
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
