// Starts outagesim for a test. Its certificates are for the real names, so names lead to loopback in this process, and
// only the base address (with the simulator's port) is told to the clients.
import {spawn} from 'node:child_process';
import dns from 'node:dns';
import {existsSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import tls from 'node:tls';

const program = process.env.OUTAGESIM ?? new URL('../../build/release/bin/outagesim', import.meta.url).pathname;

const to_loopback = (name, options, done) => {
  const [how, callback] = typeof options === 'function' ? [{}, options] : [options, done];
  const address = {address: '127.0.0.1', family: 4};
  process.nextTick(() => how.all ? callback(null, [address]) : callback(null, address.address, address.family));
};

export async function start_simulator() {
  const folder = mkdtempSync(join(tmpdir(), 'outagesim-clients-'));
  const simulator = spawn(program, ['--dir', folder, '--seed', '3'], {stdio: 'ignore'});
  const ended = new Promise((resolve) => simulator.once('exit', resolve));
  const ready_file = join(folder, 'ready.json');
  for (let i = 0; !existsSync(ready_file); ++i) {
    if (i > 600 || simulator.exitCode !== null) throw new Error(`${program} did not start`);
    await pause(50);
  }
  const ready = JSON.parse(readFileSync(ready_file, 'utf8'));
  // The simulator's authority counts beside the built-in ones, for this process only.
  const authority = readFileSync(join(folder, 'ca.pem'), 'utf8');
  const original = tls.createSecureContext;
  tls.createSecureContext = (options = {}) => original({...options, ca: [...tls.rootCertificates, authority]});
  dns.lookup = to_loopback;
  return {
    variables: ready.variables,
    secrets: ready.secrets,
    async control(method, path, body) {
      const answer = await fetch(ready.control + path, {method, body: JSON.stringify(body)});
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async stop() {
      simulator.kill();
      await ended;
      rmSync(folder, {recursive: true, force: true});
    },
  };
}
