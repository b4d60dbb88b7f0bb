// What people decide about messages, with the real daemon and outagectl: silences, maintenance, routes, escalation,
// acknowledging, fallback, retries.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Stack, eventually, pause } from '../support/stack.mjs'
import { addChannels, startServices } from './receivers.mjs'

let services, stack

before(async () => {
  services = await startServices()
  const webhook = (name, more) => ({ type: 'webhook', url: `\${secret:${name}}`, ...more })
  stack = await Stack.start({
    speed: 30,
    async config(settings, stack) {
      const names = ['team', 'boss', 'uploads', 'dead', 'spare']
      const channels = Object.fromEntries(names.map((name) => [name, webhook(name)]))
      channels.dead.fallback = 'spare'
      const address = (name) => `${services.url}/${name === 'dead' ? 'refused' : 'own'}/${name}`
      await addChannels(settings, stack, channels, Object.fromEntries(names.map((name) => [name, address(name)])))
      settings.routes = [
        { channels: ['team', 'dead'], escalate: { after: '5m', channels: ['boss'] } },
        { channels: ['uploads'], functions: ['media-upload'], platforms: ['instagram'] }
      ]
    }
  })
  await stack.healthy()
})

after(async () => {
  await stack?.stop()
  await services?.stop()
})

const told = (name) => services.to(`/own/${name}`).map((request) => request.body)
const kinds = (name) => told(name).map((event) => event.type)
const fail = (functions) => stack.simulate('/faults', functions.length ? [{ platform: 'whatsapp', functions, layer: 'http_5xx', share: 1 }] : [])
const ctl = async (...args) => {
  const { code, output } = await stack.ctl(...args)
  assert.equal(code, 0, `${args.join(' ')}: ${output}`)
  return output
}
const open = async () => (await stack.incidents()).find((incident) => incident.state !== 'resolved')

test('a silence keeps messages back and recording goes on; what lasts at its end is told then', async () => {
  assert.match(await ctl('silence', 'add', 'whatsapp/*', '--for', '5h', '--reason', 'we know'), /Silence 1: nobody is told/)
  assert.match(await ctl('silence', 'list'), /whatsapp\/\*.*we know/)
  await fail(['media-upload'])
  await eventually('the incident is recorded', open)
  await pause(3000) // a minute and a half: three reviews
  assert.deepEqual(kinds('team'), [])
  assert.match(await ctl('silence', 'end', '1'), /Silence 1 is over/)
  await eventually('it is told now', () => kinds('team').length > 0)
  assert.equal(kinds('team')[0], 'incident.opened')
})

test('whom nobody answers: the boss is told, once; a route for other things hears nothing', async () => {
  await eventually('it escalates', () => kinds('boss').length > 0)
  assert.match(told('boss')[0].text, /Nobody has acknowledged this for/)
  assert.equal(kinds('boss').filter((kind) => kind === 'incident.opened').length, 1)
  assert.deepEqual(kinds('uploads'), [])
  const { id } = await open()
  assert.match(await ctl('incident', 'ack', String(id)), /Acknowledged by/)
})

test('a channel that refuses hands over to its fallback; the queue shows it, and a retry tries again', async () => {
  await eventually('the fallback has the opening', () => kinds('spare').includes('incident.opened'))
  const failed = async () => (await stack.ctl('notify', 'queue', '--json')).json().notifications.filter((one) => one.channel === 'dead' && one.state === 'failed')
  const [first] = await eventually('the queue shows what was given up', async () => (await failed()).length && failed())
  const before = services.to('/refused/dead').length
  assert.match(await ctl('notify', 'queue'), /The channel dead cannot be written to/)
  await ctl('notify', 'retry', String(first.id))
  await eventually('it is tried again', () => services.to('/refused/dead').length > before)
})

test('everybody who was told of the beginning is told of the end', async () => {
  await fail([])
  await eventually('it is resolved', async () => !(await open()))
  for (const name of ['team', 'boss']) await eventually(`${name} is told`, () => kinds(name).at(-1) === 'incident.resolved')
  assert.deepEqual(kinds('uploads'), [])
})

test('maintenance is shown as such, recorded and not told', async () => {
  const before = kinds('team').length
  const { at } = await stack.status()
  await ctl('maintenance', 'add', 'whatsapp/*', '--begins', at, '--for', '3h', '--title', 'planned')
  assert.match(await ctl('maintenance', 'list'), /whatsapp\/\*.*planned/)
  const state = async () => (await stack.status()).components.find(({ id }) => id === 'whatsapp/media-upload').state
  await eventually('it is shown', async () => (await state()) === 'under_maintenance')
  await fail(['media-upload'])
  await eventually('the incident is recorded', open)
  await pause(3000)
  assert.equal(await state(), 'under_maintenance')
  assert.equal(kinds('team').length, before)
  assert.match(await ctl('maintenance', 'end', '1'), /Maintenance 1 is over/)
  await eventually('what still lasts is told', () => kinds('team').length > before)
})
