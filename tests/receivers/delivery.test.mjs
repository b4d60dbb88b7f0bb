// Nothing is lost and nothing is told without end: receivers that fail, and a daemon that is killed at any moment.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'

import { Stack, eventually, pause } from '../support/stack.mjs'
import { startNginx } from './nginx.mjs'
import { addChannels, startServices } from './receivers.mjs'


let folder, services, nginx

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'outaged-test-'))
  services = await startServices()
  nginx = await startNginx(folder, services.url)
})

after(async () => {
  await Promise.all([nginx?.close(), services?.stop()])
  if (folder) await rm(folder, { recursive: true, force: true })
})

const paths = { straight: 'own', limited: 'limited', broken: 'broken', closed: 'closed', slow: 'slow', gone: 'gone', moved: 'moved' }

function startStack() {
  const channels = {}
  const secrets = {}
  for (const [name, way] of Object.entries(paths)) {
    secrets[name] = `${nginx.url}/${way}/${name}`
    channels[name] = { type: 'webhook', url: `\${secret:${name}}` }
  }
  return Stack.start({ speed: 30, async config(settings, stack) {
    await addChannels(settings, stack, channels, { ...secrets, ping: `${services.url}/ping` })
    settings.heartbeat = { url: '${secret:ping}', interval: '1m' }
  } })
}

/** References of what came through to a channel about incidents, in the order of their arrival. */
const arrived = (name) =>
  services.to(`/own/${name}`).filter((request) => request.body.type.startsWith('incident.')).map((request) => request.body.data.reference)
const unique = (list) => [...new Set(list)]

test('messages outlive receivers that fail, a cut network and kill -9 at any moment; what is refused is given up and shown', async () => {
  const stack = await startStack()
  try {
    await stack.healthy()
    await eventually('the heartbeat begins', () => services.to('/ping/start').length > 0 && services.to('/ping').length > 0)
    await stack.simulate('/faults', [{ platform: 'whatsapp', functions: ['media-upload'], layer: 'http_5xx', share: 1 }])
    await eventually('the opening is told', () => arrived('straight').length > 0)
    const [incident] = await stack.incidents()

    // Notes make messages; the daemon dies at another moment of their way each time.
    for (let round = 0; round < 6; ++round) {
      const { code, output } = await stack.ctl('incident', 'note', String(incident.id), `note ${round}`)
      assert.equal(code, 0, output)
      await pause(150 + 250 * round)
      await stack.daemon.stop('SIGKILL')
      await stack.startDaemon()
    }
    await nginx.repair()
    // The network to the receivers is cut while the incident ends, and comes back.
    await eventually('the openings have arrived', () => ['limited', 'broken', 'closed', 'slow'].every((name) => arrived(name).length > 0))
    await nginx.stop()
    await stack.simulate('/faults', [])
    await eventually('the incident is resolved', async () => (await stack.incidents()).every((one) => one.state === 'resolved'))
    await eventually('the heartbeat says that messages do not leave', () =>
      services.to('/ping/fail').some(({ text }) => /a message for channel \S+ has been waiting for/.test(text)))
    await nginx.run()
    const queue = async () => (await stack.ctl('notify', 'queue', '--json')).json().notifications
    await eventually('nothing waits any more', async () => (await queue()).every((one) => one.state !== 'pending'), 180_000)

    const beats = services.to('/ping').length
    await eventually('the heartbeat is well again', () => services.to('/ping').length > beats)
    const references = unique(arrived('straight'))
    assert.match(references[0], /-opened-/)
    assert.match(references.at(-1), /-resolved-/)
    const told = JSON.stringify(services.to('/own/straight').map((request) => request.body))
    for (let round = 0; round < 6; ++round) assert.ok(told.includes(`note ${round}`), `note ${round} is lost`)

    // At least once, in order, and repeated at most once for each time that the daemon died.
    for (const name of ['straight', 'limited', 'broken', 'closed', 'slow']) {
      const got = arrived(name)
      assert.deepEqual(unique(got), references, name)
      for (const one of references) assert.ok(got.filter((other) => other === one).length <= 2, `${one} on ${name}`)
    }

    // A refusal is final, and other hosts are not followed to.
    assert.equal(services.to('/elsewhere').length, 0)
    const dead = await queue()
    for (const name of ['gone', 'moved']) {
      assert.ok(dead.some((one) => one.channel === name && one.state === 'failed'), `${name}: ${JSON.stringify(dead)}`)
      assert.ok(!dead.some((one) => one.channel === name && one.state === 'delivered'))
    }
  } finally {
    await stack.stop()
  }
})
