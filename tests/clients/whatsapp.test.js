// Two client libraries for the WhatsApp Cloud API, unmodified but for the base address.
import assert from 'node:assert/strict';
import {createHash, randomBytes} from 'node:crypto';
import {after, before, describe, test} from 'node:test';
import GreatDetail from '@great-detail/whatsapp';
import {WhatsAppClient} from '@kapso/whatsapp-cloud-api';
import {start_simulator} from './simulator.js';

let simulator;
let token;
let number;
const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(40_000)]);
const digest = createHash('sha256').update(picture).digest('hex');
const file = () => new Blob([picture], {type: 'image/png'});

before(async () => {
  simulator = await start_simulator();
  token = simulator.secrets.whatsapp_token;
  number = simulator.variables.whatsapp_phone_number_id;
});
after(() => simulator?.stop());

describe('@kapso/whatsapp-cloud-api', () => {
  const client = (accessToken = token) => new WhatsAppClient({
    baseUrl: simulator.variables.graph, graphVersion: simulator.variables.graph_version, accessToken});

  test('uploads a picture, looks it up, downloads the same bytes and deletes it', async () => {
    const {media} = client();
    const {id} = await media.upload({phoneNumberId: number, type: 'image/png', file: file(), fileName: 'p.png'});
    assert.match(id, /^[0-9]+$/);
    const found = await media.get({mediaId: id});
    assert.equal(found.sha256, digest);
    assert.equal(Number(found.fileSize ?? found.file_size), picture.length);
    const bytes = await media.download({mediaId: id, auth: 'always'});
    assert.equal(createHash('sha256').update(Buffer.from(bytes)).digest('hex'), digest);
    assert.equal((await media.delete({mediaId: id})).success, true);
    await assert.rejects(media.get({mediaId: id}), (error) => error.code === 100);
  });

  test('gets nothing without its token, as from the real media host', async () => {
    const {media} = client();
    const {id} = await media.upload({phoneNumberId: number, type: 'image/png', file: file(), fileName: 'p.png'});
    const refused = await media.download({mediaId: id, as: 'response'});
    assert.equal(refused.status, 404);
    await media.delete({mediaId: id});
  });

  test('sends a picture and is told its number', async () => {
    const sent = await client().messages.sendImage({
      phoneNumberId: number, to: '15550001111', image: {link: 'https://www.example.org/p.jpg'}});
    assert.match(sent.messages[0].id, /^wamid\./);
  });

  test('understands an expired token and an outage of the platform', async () => {
    await simulator.control('PUT', '/tokens/whatsapp', {state: 'expired'});
    await assert.rejects(client().media.get({mediaId: '1'}), (error) => error.code === 190);
    await simulator.control('PUT', '/tokens/whatsapp', {state: 'valid'});
    await simulator.control('PUT', '/faults', [{platform: 'whatsapp', layer: 'api', share: 1, code: 131016}]);
    await assert.rejects(client().media.upload({phoneNumberId: number, type: 'image/png', file: file(), fileName: 'p.png'}),
                         (error) => error.code === 131016);
    await simulator.control('DELETE', '/faults');
  });
});

describe('@great-detail/whatsapp', () => {
  const client = () => new GreatDetail({
    baseUrl: simulator.variables.graph, graphVersion: simulator.variables.graph_version,
    request: {headers: {Authorization: `Bearer ${token}`}, retry: 0}});

  test('uploads a picture, looks it up, downloads the same bytes and deletes it', async () => {
    const {media} = client();
    const {id} = await media.upload({phoneNumberID: number, file: file(), filename: 'p.png', mimeType: 'image/png'}).json();
    const found = await media.getURL({mediaID: id}).json();
    assert.equal(found.sha256, digest);
    const download = await media.download({mediaURL: found.url});
    assert.equal(createHash('sha256').update(Buffer.from(await download.arrayBuffer())).digest('hex'), digest);
    assert.equal((await media.delete({mediaID: id}).json()).success, true);
  });

  test('is refused for an object that is not there', async () => {
    await assert.rejects(client().media.getURL({mediaID: '99'}).json(), (error) => error.response?.status === 400);
  });
});
