// What serving costs while probing goes on: requests a second of /api/v1/status over kept connections, beside nginx that
// serves the same bytes from a file; the start lag of the probes before and during; the memory of 300 event streams; a
// flood of connections that say nothing; how soon the page can be used in a browser.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { pageUsable } from "./page.mjs";
import { eventually, freePort, pause, Program, Stack } from "../../tests/support/stack.mjs";

const kConnections = 32, kSeconds = 5, kStreams = 300, kIdle = 10_000, kPageGoal = 1000;

function print(bench, ours, reference, unit, note) {
  console.log(JSON.stringify({ bench, ours, reference, ratio: reference ? Number((ours / reference).toFixed(3)) : null, unit, note }));
}

/// Requests a second, by wrk on one thread.
async function load(url) {
  const { stdout } = await promisify(execFile)("wrk", ["-t1", `-c${kConnections}`, `-d${kSeconds}s`, "--latency", url]);
  if (/Non-2xx/.test(stdout)) throw new Error(stdout);
  return Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)[1]);
}

async function startNginx(folder, document) {
  const port = await freePort();
  await mkdir(join(folder, "www"));
  await writeFile(join(folder, "www/status"), document);
  await writeFile(join(folder, "nginx.conf"), `daemon off; user root; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr;
    events { worker_connections 1024; }
    http { access_log off; keepalive_requests 10000000; default_type application/json;
      server { listen 127.0.0.1:${port}; root ${folder}/www; } }`);
  const nginx = new Program("nginx", ["-c", join(folder, "nginx.conf"), "-p", folder]);
  const url = `http://127.0.0.1:${port}/status`;
  await eventually("nginx answers", async () => (await fetch(url)).ok);
  return { nginx, url };
}

const memory = async (pid) => Number((await readFile(`/proc/${pid}/status`, "utf8")).match(/VmRSS:\s+(\d+)/)[1]) / 1024;

/// The mean start lag of the probes' last runs, in milliseconds.
async function lag(stack) {
  const text = await (await fetch(`${stack.address}/metrics`)).text();
  const lags = [...text.matchAll(/^outaged_probe_start_lag_seconds\{.*\} (\S+)$/gm)].map((m) => Number(m[1]) * 1000);
  return lags.reduce((sum, one) => sum + one, 0) / lags.length;
}

async function openStreams(stack) {
  const streams = await Promise.all(Array.from({ length: kStreams }, async () => {
    const request = get(`${stack.address}/events`);
    const [answer] = await once(request, "response");
    answer.resume();
    return request;
  }));
  await pause(3000); // events flow meanwhile
  return streams;
}

/// On a connection of its own: a kept one may be let go meanwhile as the longest idle.
async function ask(url) {
  const [answer] = await once(get(url, { agent: false }), "response");
  answer.resume();
  await once(answer, "end");
  if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
}

/// How long an honest request takes while connections that say nothing keep coming.
async function flood(stack) {
  const { hostname, port } = new URL(stack.address);
  const sockets = [];
  let slowest = 0;
  for (let i = 0; i < kIdle; ++i) {
    const socket = connect(Number(port), hostname);
    socket.on("error", () => {});
    sockets.push(socket);
    if (i % 500 !== 499) continue;
    const begin = performance.now();
    await ask(`${stack.address}/api/v1/status`);
    slowest = Math.max(slowest, performance.now() - begin);
  }
  for (const socket of sockets) socket.destroy();
  return slowest;
}

const stack = await Stack.start({ speed: 10 });
let nginx;
try {
  await stack.healthy();
  const url = `${stack.address}/api/v1/status`, document = await (await fetch(url)).text();
  const target = await startNginx(stack.folder, document);
  nginx = target.nginx;
  const reference = await load(target.url), quiet = await lag(stack), ours = await load(url), busy = await lag(stack);
  print("serve-requests", ours, reference, "requests/s", `/api/v1/status, ${document.length} bytes, ${kConnections} kept connections, wrk on the same cores; reference: nginx, one worker, the same bytes`);
  print("serve-probe-lag", busy, quiet, "ms", "mean start lag of the probes at the end of that load, in whole milliseconds each; reference: before it");
  const before = await memory(stack.daemon.child.pid), streams = await openStreams(stack);
  print("serve-streams", await memory(stack.daemon.child.pid) - before, null, "MiB", `more memory for ${kStreams} event streams`);
  for (const stream of streams) stream.destroy();
  print("serve-flood", await flood(stack), null, "ms", `the slowest of 20 requests among ${kIdle} connections that say nothing`);
  const page = await pageUsable(stack);
  print("serve-page", page.ms ?? null, page.ms ? kPageGoal : null, "ms", page.note);
} finally {
  await nginx?.stop();
  await stack.stop();
}
