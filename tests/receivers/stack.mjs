// The real outagesim and outaged in a folder of their own, and outagectl to ask them.
import { spawn, execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const source = process.env.OUTAGED_SOURCE ?? fileURLToPath(new URL('../..', import.meta.url))
const build = process.env.OUTAGED_BUILD ?? path.join(source, 'build/release')
const program = (name) => path.join(build, 'bin', name)

/** Asks again and again until `condition` gives something true, and returns it. */
export async function eventually(what, condition, seconds = 90) {
  const until = Date.now() + seconds * 1000
  for (;;) {
    const found = await condition()
    if (found) return found
    if (Date.now() > until) throw new Error(`did not happen within ${seconds} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

export async function temporaryFolder() {
  return mkdtemp(path.join(tmpdir(), 'outaged-receivers-'))
}

/** A process whose output is kept; `stop` ends it and waits. */
export function start(command, args) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part))
  const gone = once(child, 'exit')
  return {
    output: () => output,
    signal: (name) => child.kill(name),
    running: () => child.exitCode === null && child.signalCode === null,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await gone
    }
  }
}

export class Stack {
  /** `channels`: section "channels"; `secrets`: values by name; `authority`: a PEM certificate to trust besides. */
  static async start({ speed, channels, secrets, authority = '' }) {
    const folder = await temporaryFolder()
    const stack = new Stack(folder)
    try {
      await stack.#startSimulator(speed)
      await stack.#configure(speed, channels, secrets, authority)
      await stack.startDaemon()
    } catch (error) {
      await stack.stop()
      throw error
    }
    return stack
  }

  constructor(folder) {
    this.folder = folder
    this.config = path.join(folder, 'config.json')
  }

  async #startSimulator(speed) {
    const ready = path.join(this.folder, 'sim/ready.json')
    for (const name of ['sim', 'data', 'secrets']) await mkdir(path.join(this.folder, name))
    this.simulator = start(program('outagesim'), [
      '--dir', path.join(this.folder, 'sim'), '--seed', '7', '--speed', String(speed),
      '--probes', path.join(source, 'probes'), '--data', path.join(this.folder, 'data'), '--write-config', this.config
    ])
    await eventually('the simulator starts', () => existsSync(ready) && existsSync(this.config), 30)
    this.control = JSON.parse(await readFile(ready, 'utf8')).control
  }

  async #configure(speed, channels, secrets, authority) {
    const config = JSON.parse(await readFile(this.config, 'utf8'))
    config.clock = { speed }
    config.serve.listen = '127.0.0.1:0'
    config.channels = channels
    config.secrets ??= {}
    for (const [name, value] of Object.entries(secrets)) {
      const file = path.join(this.folder, 'secrets', name)
      await writeFile(file, value, { mode: 0o600 })
      config.secrets[name] = { file }
    }
    const trusted = path.join(this.folder, 'trusted.pem')
    await writeFile(trusted, (await readFile(config.network.ca_file, 'utf8')) + authority)
    config.network.ca_file = trusted
    await writeFile(this.config, JSON.stringify(config, null, 2))
  }

  async startDaemon() {
    this.daemon = start(program('outaged'), ['--config', this.config])
    await eventually('the daemon starts', async () => {
      if (!this.daemon.running()) throw new Error(`outaged ended:\n${this.daemon.output()}`)
      return (await this.ctl('status', '--json')).output.includes('"running": true')
    }, 30)
  }

  /** Tells the simulator what fails from now on. */
  async simulate(target, what) {
    const answer = await fetch(this.control + target, { method: 'PUT', body: JSON.stringify(what) })
    if (!answer.ok) throw new Error(`${target}: ${answer.status} ${await answer.text()}`)
  }

  ctl(...args) {
    return new Promise((resolve) => {
      execFile(program('outagectl'), ['--config', this.config, ...args], (error, stdout, stderr) =>
        resolve({ code: error ? error.code : 0, output: stdout + stderr, json: () => JSON.parse(stdout) })
      )
    })
  }

  async incidents() {
    return (await this.ctl('incidents', '--json')).json().incidents
  }

  async stop() {
    for (const process of [this.daemon, this.simulator]) if (process?.running()) await process.stop()
    await rm(this.folder, { recursive: true, force: true })
  }
}
