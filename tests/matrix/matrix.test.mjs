// Every cell of the matrix, platform × function, healthy and failing at each layer, by the shipped probes in the daemon.
import assert from 'node:assert/strict'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'

import { kSource, Stack } from '../support/stack.mjs'

const kPlatforms = ['facebook', 'instagram', 'whatsapp']
const kOfUsers = ['feed-load', 'login', 'media-download', 'media-upload', 'message', 'web']
// Messages have probes below HTTP, but for WhatsApp's number.
const kOverHttp = kOfUsers.filter((name) => name !== 'message')

// Those that do not see what fails at a layer, and why.
const kBlind = {
  api: { 'whatsapp.media-upload-public': 'asks the media host, behind which there is no interface' },
}

let stack, probes

/// The operator's socket: runs on demand need no token there.
function ask(method, path) {
  return new Promise((done, failed) => {
    const socketPath = join(dirname(stack.configFile), 'data/outaged.sock')
    const asked = request({ socketPath, method, path, headers: { Accept: 'application/json' } }, async (answer) => {
      let body = ''
      for await (const part of answer) body += part
      done(JSON.parse(body))
    })
    asked.on('error', failed)
    asked.end()
  })
}

/// What each probe finds now.
const runAll = () => Promise.all(probes.map(async ({ id, component }) => {
  const { class: found, failure } = await ask('POST', `/api/v1/probes/${id}/run`)
  return { id, component, found, layer: failure?.layer }
}))

/// On each platform that has `function`, one of its probes finds `wanted` at one of `layers`.
function assertEach(all, name, wanted, layers) {
  for (const platform of kPlatforms) {
    const of = all.filter(({ component }) => component === `${platform}/${name}`)
    if (platform === 'whatsapp' && name === 'feed-load') continue // it has none
    const right = of.some(({ found, layer }) => found === wanted && layers.includes(layer))
    assert.ok(right, `${platform}/${name}: ${JSON.stringify(of)}`)
  }
}

/// No probe of `function` says that it works while all of it fails at `layer`.
function assertNoneIsContent(all, name, layer) {
  const blind = kBlind[layer] ?? {}
  const content = all.filter(({ id, component, found }) =>
    kPlatforms.some((platform) => component === `${platform}/${name}`) && found === 'success' && !(id in blind))
  assert.deepEqual(content, [], `${name} under ${layer}`)
}

/// The shipped probes, but those that must pause between two runs, or while a platform works, need not here.
async function impatientProbes(folder) {
  await cp(join(kSource, 'probes'), folder, { recursive: true })
  for (const platform of kPlatforms) {
    for (const name of await readdir(join(folder, platform))) {
      const file = join(folder, platform, name)
      const probe = JSON.parse(await readFile(file, 'utf8'))
      delete probe.spacing
      for (const { until } of probe.steps ?? []) {
        if (until) Object.assign(until, { pause: '500ms', longest_pause: '1s', attempts: 20 })
      }
      await writeFile(file, JSON.stringify(probe))
    }
  }
  return folder
}

before(async () => {
  // Those that wait longest for an answer need not here.
  const overrides = Object.fromEntries(['facebook.media-upload-session', 'whatsapp.media-round-trip',
    'whatsapp.media-download-round-trip', 'instagram.media-upload-container', 'instagram.media-upload-image'].map((id) => [id, { timeout: '6s' }]))
  stack = await Stack.start({ speed: 1, config: async (settings, { folder }) => {
    Object.assign(settings.probes, { paths: [await impatientProbes(join(folder, 'probes'))], overrides })
  } })
  const all = (await ask('GET', '/api/v1/probes')).probes
  probes = all.filter(({ component, state }) => state === 'active' && kPlatforms.includes(component.split('/')[0]))
  assert.ok(probes.length > 35)
})

after(() => stack?.stop())

test('healthy', async () => {
  const all = await runAll()
  assert.deepEqual(all.filter(({ found }) => found !== 'success'), [])
  for (const name of kOfUsers) assertEach(all, name, 'success', [undefined])
})

// WhatsApp's chat edge has no TLS, so whatever it suffers is TCP's.
for (const [layer, shape, functions, wanted, layers] of [
  ['dns', 'nxdomain', [...kOfUsers, 'dns'], 'platform_failure', ['dns']],
  ['tcp', 'reset', [...kOfUsers, 'edge'], 'platform_failure', ['tcp', 'tls']],
  ['tls', 'garbage', [...kOfUsers, 'edge'], 'platform_failure', ['tls', 'tcp']],
  ['http_5xx', '503', kOverHttp, 'platform_failure', ['http']],
  ['api', 'usual', ['feed-load', 'media-upload'], 'platform_failure', ['api']],
  ['api', '400', ['feed-load', 'media-upload'], 'platform_failure', ['api']],
  ['partial_content', 'truncated', kOverHttp, 'platform_failure', ['content']],
  ['blocked', 'login', kOverHttp, 'blocked', ['http']],
  ['blocked', 'captcha', kOverHttp, 'blocked', ['http']],
  ['auth', 'usual', ['login'], 'platform_failure', ['http']],
  ['stall', 'usual', kOverHttp, 'platform_failure', ['timeout']],
  ['timeout', 'usual', kOverHttp, 'platform_failure', ['timeout']],
]) {
  test(`failing: ${layer} ${shape}`, async () => {
    await stack.simulate('/faults', [{ platforms: kPlatforms, layer, shape }])
    const all = await runAll()
    for (const name of functions) {
      assertEach(all, name, wanted, layers)
      assertNoneIsContent(all, name, layer)
    }
    if (wanted === 'blocked') assert.deepEqual(all.filter(({ found }) => found === 'platform_failure'), [])
  })
}

test('whatever is in a feed, it is healthy, and without a picture there is none to look at', async () => {
  await stack.simulate('/faults', [])
  const ids = ['facebook.feed-load-page', 'facebook.media-download-page', 'instagram.feed-load-account', 'instagram.media-download-account']
  const show = async (newest) => {
    for (const platform of ['facebook', 'instagram']) await stack.simulate(`/feeds/${platform}`, { newest })
    return Promise.all(ids.map(async (id) => {
      const { class: found, failure } = await ask('POST', `/api/v1/probes/${id}/run`)
      return failure ? `${found} ${failure.kind}` : found
    }))
  }
  for (const newest of [['film', 'text'], ['text', 'film'], ['webp'], ['hidden', 'text']]) {
    assert.deepEqual(await show(newest), ids.map(() => 'success'), newest.join())
  }
  for (const kind of ['text', 'hidden']) {
    assert.deepEqual(await show(Array(30).fill(kind)), ids.map(() => 'our_fault no_picture'), kind)
  }
  await show([])
})

test('healthy again', async () => {
  await stack.simulate('/faults', [])
  const all = await runAll()
  for (const name of kOfUsers) assertEach(all, name, 'success', [undefined])
})
