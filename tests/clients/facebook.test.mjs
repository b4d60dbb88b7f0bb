// Meta's own client library, unmodified but for the base address.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import sdk from 'facebook-nodejs-business-sdk'

import { startSimulator } from './simulator.mjs'

let simulator

before(async () => {
  simulator = await startSimulator()
  for (const [name, variable] of [['GRAPH', 'graph'], ['GRAPH_VIDEO', 'graph_video']])
    Object.defineProperty(sdk.FacebookAdsApi, name, { configurable: true, get: () => simulator.variables[variable] })
})
after(() => simulator?.stop())

/// The library's session, without its crash reporter, which would call home.
const session = (token) => sdk.FacebookAdsApi.init(token, 'en_US', false)
const page = () => new sdk.Page(simulator.variables.facebook_page_id, {}, undefined, session(simulator.secrets.facebook_page_token))
const account = () => new sdk.IGUser(simulator.variables.instagram_user_id, {}, undefined, session(simulator.secrets.instagram_token))

async function isPicture(address) {
  const picture = await fetch(address)
  assert.equal(picture.status, 200)
  assert.equal(picture.headers.get('content-type'), 'image/jpeg')
  assert.match(picture.headers.get('cache-control'), /max-age/)
  const bytes = Buffer.from(await picture.arrayBuffer())
  assert.ok(bytes.length > 1000 && bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')))
}

test("loads a page's feed, its pictures, and the page after it", async () => {
  const feed = await page().getFeed(['id', 'message', 'full_picture'], { limit: 3 })
  assert.equal(feed.length, 3)
  assert.match(feed[0].full_picture, /^https:\/\/scontent[^/]*fbcdn\.net/)
  await isPicture(feed[0].full_picture)
  const first = feed.map((post) => post.id)
  assert.ok(feed.hasNext())
  const next = await feed.next()
  assert.equal(next.length, 3)
  assert.ok(next.every((post) => !first.includes(post.id)))
})

test("reads a feed to its end, where there is no next page", async () => {
  const feed = await page().getFeed(['id'], { limit: 20 })
  const ids = new Set(feed.map((post) => post.id))
  while (feed.hasNext()) for (const post of await feed.next()) ids.add(post.id)
  assert.equal(ids.size, 25)
})

test("loads an account's posts and their pictures", async () => {
  const posts = await account().getMedia(['id', 'media_type', 'media_url'], { limit: 2 })
  assert.equal(posts.length, 2)
  assert.match(posts[0].media_url, /^https:\/\/scontent[^/]*cdninstagram\.com/)
  await isPicture(posts[0].media_url)
})

test('makes a photo that nobody sees, looks at it and deletes it', async () => {
  const made = await page().createPhoto([], { url: 'https://www.example.org/p.jpg', published: false, temporary: true })
  assert.match(made.id, /^[0-9]+$/)
  const photo = new sdk.Photo(made.id)
  await photo.read(['images', 'width', 'height'])
  await isPicture(photo.images[0].source)
  await photo.delete([])
  await assert.rejects(photo.read(['images']), (error) => error.response.code === 100 && error.response.error_subcode === 33)
})

test('makes a container of a picture, reads its state and the limit', async () => {
  const made = await account().createMedia([], { image_url: 'https://www.example.org/p.jpg' })
  const container = new sdk.IGUser(made.id)
  await container.read(['id', 'status_code'])
  assert.ok(['IN_PROGRESS', 'FINISHED'].includes(container._data.status_code))
  const [limit] = await account().getContentPublishingLimit(['quota_usage', 'config'])
  assert.equal(limit._data.config.quota_duration, 86400)
})

test('sees how much of the limit is used', async () => {
  const api = session(simulator.secrets.facebook_page_token)
  const answer = await fetch(`${simulator.variables.graph}/v23.0/${simulator.variables.facebook_page_id}?access_token=${api.accessToken}`)
  assert.ok(JSON.parse(answer.headers.get('x-app-usage')).call_count >= 0)
})

/// The code of the error that the library throws for a feed; 0 when it throws none.
const feedCode = () => page().getFeed(['id'], {}).then(() => 0, (error) => {
  assert.ok(error instanceof Error)
  return error.response?.code ?? `no envelope: ${error.message}`
})

for (const [state, codes] of [['expired', [190]], ['rate_limited', [4, 17, 32, 80001]], ['no_permission', [10, 200]]])
  test(`understands that its token is ${state.replace('_', ' ')}`, async () => {
    await simulator.simulate('/tokens/facebook', { state })
    const code = await feedCode()
    await simulator.simulate('/tokens/facebook', { state: 'valid' })
    assert.ok(codes.includes(code), `got ${code}`)
    assert.equal(await feedCode(), 0)
  })

test('understands an outage of the platform, and that it is over', async () => {
  await simulator.simulate('/faults', [{ platform: 'facebook', layer: 'api', share: 1 }])
  const code = await feedCode()
  await simulator.simulate('/faults', [])
  assert.equal(code, 2)
  assert.equal(await feedCode(), 0)
})

test('refuses a wrong parameter as the platform does', async () => {
  await assert.rejects(page().getFeed(['id'], { limit: 1000 }), (error) => error.response.code === 100)
})
