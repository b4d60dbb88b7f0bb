// Bytes sent with Meta's own client library. Its own way to attach files sends no body at all in this edition (it drops the
// data of every request with files, its VideoUploader included), so the form goes in as the parameters: the library hands
// them to its HTTP client as they are.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import sdk from 'facebook-nodejs-business-sdk'

import { startSimulator } from './simulator.mjs'

let simulator

before(async () => {
  simulator = await startSimulator()
  for (const [name, variable] of [['GRAPH', 'graph'], ['GRAPH_VIDEO', 'graph_video']])
    Object.defineProperty(sdk.FacebookAdsApi, name, { configurable: true, get: () => simulator.variables[variable] })
  sdk.FacebookAdsApi.init(simulator.secrets.facebook_page_token, 'en_US', false)
})
after(() => simulator?.stop())

const page = () => new sdk.Page(simulator.variables.facebook_page_id)
const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(60_000, 'x')])
const film = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom'), Buffer.alloc(1_500_000, 'x')])

function form(values, name, bytes, type) {
  const out = new FormData()
  for (const [key, value] of Object.entries(values)) out.set(key, value)
  out.set(name, new Blob([bytes], { type }), 'file')
  return out
}
const gone = (object) => assert.rejects(object.read(['id']), (error) => error.response.code === 100 && error.response.error_subcode === 33)
const status = async (id) => (await new sdk.AdVideo(id).read(['status']))._data.status

test('uploads a picture that nobody sees, loads what became of it and deletes it', async () => {
  const made = await page().createPhoto([], form({ published: 'false', temporary: 'true' }, 'source', picture, 'image/png'))
  const photo = await new sdk.Photo(made.id).read(['images'])
  const loaded = await fetch(photo.images[0].source)
  assert.equal(loaded.headers.get('content-type'), 'image/jpeg')
  await photo.delete([])
  await gone(new sdk.Photo(made.id))
})

test('is told that bytes are no picture, and no film', async () => {
  const refused = (made, code) => assert.rejects(made, (error) => error.response.code === code)
  await refused(page().createPhoto([], form({ published: 'false' }, 'source', Buffer.from('text'), 'image/png')), 324)
  await refused(page().createVideo([], form({ published: 'false' }, 'source', Buffer.from('text'), 'video/mp4')), 351)
})

test('uploads a film in one piece and deletes it', async () => {
  const made = await page().createVideo([], form({ published: 'false' }, 'source', film, 'video/mp4'))
  assert.equal((await status(made.id)).uploading_phase.bytes_transferred, film.length)
  await new sdk.AdVideo(made.id).delete([])
  await gone(new sdk.AdVideo(made.id))
})

test('uploads a film chunk by chunk, as the platform asks for them', async () => {
  const started = (await page().createVideo([], { upload_phase: 'start', file_size: film.length }))._data
  const upload_session_id = started.upload_session_id
  for (let { start_offset, end_offset } = started; start_offset !== end_offset;) {
    assert.equal(typeof start_offset, 'string')
    const chunk = film.subarray(Number(start_offset), Number(end_offset));
    ({ start_offset, end_offset } = (await page().createVideo([], form(
      { upload_phase: 'transfer', upload_session_id, start_offset }, 'video_file_chunk', chunk, 'video/mp4')))._data)
  }
  const { success } = (await page().createVideo([], { upload_phase: 'finish', upload_session_id, published: false }))._data
  assert.equal(success, true)
  assert.equal((await status(started.video_id)).uploading_phase.status, 'complete')
})

test('sends the bytes of a reel to the address that it is given', async () => {
  const { video_id, upload_url } = (await page().createVideoReel([], { upload_phase: 'start' }))._data
  const headers = { Authorization: `OAuth ${simulator.secrets.facebook_page_token}`, offset: '0', file_size: String(film.length) }
  const sent = await fetch(upload_url, { method: 'POST', headers, body: film })
  assert.deepEqual(await sent.json(), { message: 'Upload successful.', success: true })
  const finished = await page().createVideoReel([], { upload_phase: 'finish', video_id, video_state: 'DRAFT' })
  assert.equal(finished._data.success, true)
  assert.equal((await status(video_id)).publishing_phase.status, 'not_started')
})
