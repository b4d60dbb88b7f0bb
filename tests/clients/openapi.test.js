// Every answer of the simulated Cloud API against the schemas of the vendor's own definition. The definition is not part
// of this repository; without it these tests are skipped, saying so.
import assert from 'node:assert/strict';
import {existsSync, readFileSync} from 'node:fs';
import {after, before, describe, test} from 'node:test';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {parse} from 'yaml';
import {start_simulator} from './simulator.js';

const definition_file = new URL('../../../shared/reference/business-messaging-api_v23.0.yaml', import.meta.url);
const skip = existsSync(definition_file) ? false : `no definition at ${definition_file.pathname}`;

describe('the Cloud API as its definition has it', {skip}, () => {
  let simulator;
  let definition;
  let ajv;
  let graph;
  let headers;
  before(async () => {
    simulator = await start_simulator();
    definition = parse(readFileSync(definition_file, 'utf8'), {maxAliasCount: -1});
    ajv = formats(new Ajv({strict: false, allErrors: true}));
    ajv.addSchema({$id: 'https://definition.invalid/', components: definition.components});
    graph = `${simulator.variables.graph}/${simulator.variables.graph_version}`;
    headers = {Authorization: `Bearer ${simulator.secrets.whatsapp_token}`};
  });
  after(() => simulator?.stop());

  const with_references = (schema) => JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components/', '"https://definition.invalid/#/components/'));

  /// The fields that the definition's own examples have must be there too: its schemas require none.
  const check = (path, method, value, known_difference = (schema) => schema) => {
    const content = definition.paths[path][method].responses['200'].content['application/json'];
    const validate = ajv.compile(with_references(known_difference(structuredClone(content.schema))));
    assert.ok(validate(value), `${method} ${path}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`);
    const example = content.examples && Object.values(content.examples)[0].value;
    if (example && typeof example === 'object' && !Array.isArray(example))
      for (const key of Object.keys(example)) assert.ok(key in value, `${key} is missing in ${JSON.stringify(value)}`);
  };
  const call = async (method, path, body, more = {}) => {
    const answer = await fetch(`${graph}/${path}`, {method, body, headers: {...headers, ...more}});
    return {status: answer.status, body: await answer.json()};
  };

  test('media are uploaded, looked up and deleted', async () => {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', 'image/png');
    form.set('file', new Blob(['\x89PNG\r\n\x1a\n', 'x'.repeat(5000)], {type: 'image/png'}), 'p.png');
    const uploaded = await call('POST', `${simulator.variables.whatsapp_phone_number_id}/media`, form);
    check('/{Version}/{Phone-Number-ID}/media', 'post', uploaded.body);
    const found = await call('GET', uploaded.body.id);
    // Recorded answers have a number where the definition says text.
    check('/{Version}/{Media-ID}', 'get', found.body, (schema) => {
      schema.properties.file_size.type = ['string', 'number'];
      return schema;
    });
    check('/{Version}/{Media-ID}', 'delete', (await call('DELETE', uploaded.body.id)).body);
  });

  test('messages are taken', async () => {
    const message = {messaging_product: 'whatsapp', recipient_type: 'individual', to: '15550001111', type: 'image',
                     image: {link: 'https://www.example.org/p.jpg'}};
    const sent = await call('POST', `${simulator.variables.whatsapp_phone_number_id}/messages`, JSON.stringify(message),
                            {'Content-Type': 'application/json'});
    assert.equal(sent.status, 200, JSON.stringify(sent.body));
    check('/{Version}/{Phone-Number-ID}/messages', 'post', sent.body);
  });

  test('the number is known', async () => {
    const number = await call('GET', `${simulator.variables.whatsapp_phone_number_id}?fields=id,verified_name`);
    assert.equal(number.status, 200);
    assert.equal(number.body.id, simulator.variables.whatsapp_phone_number_id);
  });

  test('errors have the envelope of the definition', async () => {
    const schemas = definition.components.schemas;
    const name = ['GraphAPIError', 'GraphError', 'ErrorResponse', 'Error'].find((one) => schemas[one]);
    assert.ok(name, `no error schema among ${Object.keys(schemas).filter((key) => /error/i.test(key))}`);
    const refused = await call('GET', '99');
    assert.equal(refused.status, 400);
    const schema = schemas[name];
    const validate = ajv.compile(with_references(schema));
    const envelope = schema.properties?.error ? refused.body : refused.body.error;
    assert.ok(validate(envelope), ajv.errorsText(validate.errors));
  });
});
