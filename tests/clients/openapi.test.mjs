// Every kind of answer of the simulated Cloud API against the vendor's own definition. The definition is not part of this
// repository; where it is absent these tests are skipped, saying so.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import Ajv from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { parse } from 'yaml'

import { startSimulator } from './simulator.mjs'

const kDefinition = fileURLToPath(new URL('../../../shared/reference/business-messaging-api_v23.0.yaml', import.meta.url))
const kBase = 'https://definition.invalid/'

describe('the Cloud API as its definition has it', { skip: existsSync(kDefinition) ? false : `no definition at ${kDefinition}` }, () => {
  let simulator, definition, ajv, number
  before(async () => {
    simulator = await startSimulator()
    number = simulator.variables.whatsapp_phone_number_id
    definition = parse(readFileSync(kDefinition, 'utf8'), { maxAliasCount: -1 })
    ajv = formats(new Ajv({ strict: false, allErrors: true }))
    ajv.addSchema({ $id: kBase, components: definition.components })
  })
  after(() => simulator?.stop())

  const call = async (method, path, { body, token = simulator.secrets.whatsapp_token, type } = {}) => {
    const { graph, graph_version } = simulator.variables
    const headers = { ...(token && { Authorization: `Bearer ${token}` }), ...(type && { 'Content-Type': type }) }
    const answer = await fetch(`${graph}/${graph_version}/${path}`, { method, body, headers })
    return { status: answer.status, headers: answer.headers, body: await answer.json() }
  }

  function matches(schema, value) {
    const text = JSON.stringify(schema).replaceAll('"#/components/', `"${kBase}#/components/`)
    const validate = ajv.compile(JSON.parse(text))
    assert.ok(validate(value), `${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`)
  }

  /// The answer has the definition's schema for success, and every key of the example that comes with it: the schemas
  /// themselves require next to nothing. `difference` changes the schema where recorded answers are known to differ.
  function isSuccess(answer, method, path, difference = (schema) => schema) {
    assert.equal(answer.status, 200, JSON.stringify(answer.body))
    const content = definition.paths[path][method].responses['200'].content['application/json']
    matches(difference(structuredClone(content.schema)), answer.body)
    const [example] = Object.values(content.examples ?? {})
    for (const key of Object.keys(example?.value ?? {})) assert.ok(key in answer.body, `no ${key} in ${JSON.stringify(answer.body)}`)
  }

  /// An envelope as the definition has it, whose trace is that of the answer's header.
  function isError(answer, code) {
    assert.ok(answer.status >= 400, `status ${answer.status}`)
    matches(definition.components.schemas.GraphAPIError, answer.body)
    assert.equal(answer.body.error.code, code)
    assert.equal(answer.body.error.fbtrace_id, answer.headers.get('x-fb-request-id'))
    assert.match(answer.headers.get('www-authenticate'), /^OAuth "Facebook Platform"/)
  }

  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(5000, 'x')])
  const upload = (content = picture, type = 'image/png') => {
    const body = new FormData()
    body.set('messaging_product', 'whatsapp')
    body.set('type', type)
    body.set('file', new Blob([content], { type }), 'p.png')
    return call('POST', `${number}/media`, { body })
  }
  const message = (more = {}) => call('POST', `${number}/messages`, {
    type: 'application/json',
    body: JSON.stringify({ messaging_product: 'whatsapp', recipient_type: 'individual', to: '15550001111', type: 'image',
                           image: { link: 'https://www.example.org/p.jpg' }, ...more }) })

  test('media are uploaded, looked up and deleted', async () => {
    const uploaded = await upload()
    isSuccess(uploaded, 'post', '/{Version}/{Phone-Number-ID}/media')
    // Recorded answers have a number where the definition says text.
    isSuccess(await call('GET', uploaded.body.id), 'get', '/{Version}/{Media-ID}', (schema) => {
      schema.properties.file_size.type = ['string', 'number']
      return schema
    })
    isSuccess(await call('DELETE', uploaded.body.id), 'delete', '/{Version}/{Media-ID}')
  })

  test('messages are taken, and a number is described', async () => {
    isSuccess(await message(), 'post', '/{Version}/{Phone-Number-ID}/messages')
    isSuccess(await call('GET', number), 'get', '/{Version}/{Phone-Number-ID}')
    const { body } = await call('GET', `${number}?fields=code_verification_status`)
    assert.deepEqual(body, { code_verification_status: 'VERIFIED', id: number })
  })

  test('successes tell how much of the limit is used, in the form of the definition', async () => {
    const { headers } = await call('GET', number)
    const usage = JSON.parse(headers.get('x-business-use-case-usage'))
    const [entry] = Object.values(usage)[0]
    assert.deepEqual(Object.keys(entry).sort(), ['call_count', 'estimated_time_to_regain_access', 'total_cputime', 'total_time', 'type'])
  })

  test('what is asked wrongly is refused with an envelope', async () => {
    isError(await call('GET', '99'), 100)
    isError(await call('POST', '99/media', { body: new FormData() }), 100)
    isError(await call('DELETE', '99'), 100)
    isError(await message({ to: '' }), 100)
    isError(await upload(Buffer.from('not a picture')), 131053)
    isError(await upload(picture, 'image/tiff'), 100)
    isError(await call('GET', number, { token: 'nobody' }), 190)
    isError(await call('GET', number, { token: '' }), 104)
  })

  for (const [state, code] of [['expired', 190], ['no_permission', 10], ['rate_limited', 80007]])
    test(`a token that is ${state.replace('_', ' ')} is refused with an envelope`, async () => {
      await simulator.simulate('/tokens/whatsapp', { state })
      const answer = await call('GET', number)
      await simulator.simulate('/tokens/whatsapp', { state: 'valid' })
      isError(answer, code)
    })

  for (const code of [1, 2, 131000, 131016])
    test(`trouble of the platform with code ${code} comes in an envelope`, async () => {
      await simulator.simulate('/faults', [{ platform: 'whatsapp', layer: 'api', share: 1, code }])
      const answers = [await upload(), await call('GET', number), await message()]
      await simulator.simulate('/faults', [])
      for (const answer of answers) isError(answer, code)
    })
})
