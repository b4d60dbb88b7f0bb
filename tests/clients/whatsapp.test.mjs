// Two client libraries for the WhatsApp Cloud API, unmodified but for the base address.
import assert from 'node:assert/strict'
import {createHash, randomBytes} from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import GreatDetail from '@great-detail/whatsapp'
import {WhatsAppClient} from '@kapso/whatsapp-cloud-api'
import { startSimulator } from './simulator.mjs'

let simulator
let token
let number
const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(40_000)])
const digest = createHash('sha256').update(picture).digest('hex')
const file = () => new Blob([picture], {type: 'image/png'})

before(async () => {
  simulator = await startSimulator()
  token = simulator.secrets.whatsapp_token
  number = simulator.variables.whatsapp_phone_number_id
})
after(() => simulator?.stop())

describe('@kapso/whatsapp-cloud-api', () => {
  const client = (accessToken = token) => new WhatsAppClient({
    baseUrl: simulator.variables.graph, graphVersion: simulator.variables.graph_version, accessToken})

  test('uploads a picture, looks it up, downloads the same bytes and deletes it', async () => {
    const {media} = client()
    const {id} = await media.upload({phoneNumberId: number, type: 'image/png', file: file(), fileName: 'p.png'})
    assert.match(id, /^[0-9]+$/)
    const found = await media.get({mediaId: id})
    assert.equal(found.sha256, digest)
    assert.equal(Number(found.fileSize ?? found.file_size), picture.length)
    const bytes = await media.download({mediaId: id, auth: 'always'})
    assert.equal(createHash('sha256').update(Buffer.from(bytes)).digest('hex'), digest)
    assert.equal((await media.delete({mediaId: id})).success, true)
    await assert.rejects(media.get({mediaId: id}), (error) => error.code === 100)
  })

  test('gets nothing without its token, as from the real media host', async () => {
    const {media} = client()
    const {id} = await media.upload({phoneNumberId: number, type: 'image/png', file: file(), fileName: 'p.png'})
    const refused = await media.download({mediaId: id, as: 'response'})
    assert.equal(refused.status, 404)
    await media.delete({mediaId: id})
  })

  test('sends a picture and is told its number', async () => {
    const sent = await client().messages.sendImage({
      phoneNumberId: number, to: '15550001111', image: {link: 'https://www.example.org/p.jpg'}})
    assert.match(sent.messages[0].id, /^wamid\./)
  })

  test('understands an expired token and an outage of the platform', async () => {
    await simulator.simulate('/tokens/whatsapp', {state: 'expired'})
    await assert.rejects(client().media.get({mediaId: '1'}), (error) => error.code === 190)
    await simulator.simulate('/tokens/whatsapp', {state: 'valid'})
    await simulator.simulate('/faults', [{platform: 'whatsapp', layer: 'api', share: 1, code: 131016}])
    await assert.rejects(client().media.upload({phoneNumberId: number, type: 'image/png', file: file(), fileName: 'p.png'}),
                         (error) => error.code === 131016)
    await simulator.simulate('/faults', [])
  })
})

describe('@great-detail/whatsapp', () => {
  const headers = () => ({ Authorization: `Bearer ${token}` })
  const client = () => new GreatDetail({
    prefixUrl: simulator.variables.graph, graphVersion: simulator.variables.graph_version,
    request: { headers: headers(), retry: 0 } })
  const upload = () => client().media.upload({ phoneNumberID: number, file: file(), filename: 'p.png', mimeType: 'image/png' }).json()

  test('uploads a picture, looks it up, downloads the same bytes and deletes it', async () => {
    const { media } = client()
    const { id } = await upload()
    const found = await media.getURL({ mediaID: id, phoneNumberID: number }).json()
    assert.equal(found.sha256, digest)
    const download = await media.download({ mediaURL: found.url, request: { headers: headers() } })
    assert.equal(createHash('sha256').update(Buffer.from(await download.arrayBuffer())).digest('hex'), digest)
    assert.equal((await media.delete({ mediaID: id }).json()).success, true)
  })

  test('gets nothing without its token, as from the real media host', async () => {
    const { id } = await upload()
    const { url } = await client().media.getURL({ mediaID: id }).json()
    await assert.rejects(client().media.download({ mediaURL: url, request: { retry: 0 } }), (error) => error.response?.status === 404)
    await client().media.delete({ mediaID: id })
  })

  test('sends a picture, and reads its number', async () => {
    const sent = await client().message.createMessage({
      phoneNumberID: number, to: '15550001111', type: 'image', image: { link: 'https://www.example.org/p.jpg' } }).json()
    assert.match(sent.messages[0].id, /^wamid\./)
    const found = await client().phoneNumbers.getPhoneNumber({ phoneNumberID: number, fields: ['id', 'verified_name'] }).json()
    assert.equal(found.id, number)
  })

  test('is refused for an object that is not there, and for a number that is not its own', async () => {
    const refused = async (error) => error.response?.status === 400 && (await error.response.json()).error.code === 100
    await assert.rejects(client().media.getURL({ mediaID: '99' }).json().catch(async (error) => {
      assert.ok(await refused(error))
      throw error
    }))
    const { id } = await upload()
    await assert.rejects(client().media.getURL({ mediaID: id, phoneNumberID: '1' }).json(), (error) => error.response?.status === 400)
    await client().media.delete({ mediaID: id })
  })

  test('sees an outage of the media host while the API is well, as in July 2019', async () => {
    const { id } = await upload()
    await simulator.simulate('/faults', [{ platform: 'whatsapp', functions: ['media-download'], layer: 'http_5xx', share: 1 }])
    const { url } = await client().media.getURL({ mediaID: id }).json()
    const failed = await client().media.download({ mediaURL: url, request: { headers: headers(), retry: 0 } }).then(() => 200, (error) => error.response.status)
    await simulator.simulate('/faults', [])
    assert.ok(failed >= 500, `got ${failed}`)
    await client().media.delete({ mediaID: id })
  })
})
