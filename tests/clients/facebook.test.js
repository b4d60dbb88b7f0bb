// Meta's own client library, unmodified but for the base address.
import assert from 'node:assert/strict';
import {after, before, describe, test} from 'node:test';
import sdk from 'facebook-nodejs-business-sdk';
import {start_simulator} from './simulator.js';

let simulator;
let page;
let account;
const base_addresses = () => {
  for (const [name, variable] of [['GRAPH', 'graph'], ['GRAPH_VIDEO', 'graph_video']])
    Object.defineProperty(sdk.FacebookAdsApi, name, {configurable: true, get: () => simulator.variables[variable]});
};
/// Without the crash reporter, which would call home.
const with_token = (token) => sdk.FacebookAdsApi.init(token, 'en_US', false);

before(async () => {
  simulator = await start_simulator();
  base_addresses();
  page = new sdk.Page(simulator.variables.facebook_page_id);
  account = new sdk.IGUser(simulator.variables.instagram_user_id);
});
after(() => simulator?.stop());

describe('facebook-nodejs-business-sdk', () => {
  test('loads a page\'s feed and its pictures', async () => {
    with_token(simulator.secrets.facebook_page_token);
    const feed = await page.getFeed(['id', 'message', 'full_picture'], {limit: 3});
    assert.equal(feed.length, 3);
    const picture = await fetch(feed[0]._data.full_picture);
    assert.equal(picture.status, 200);
    assert.equal(picture.headers.get('content-type'), 'image/jpeg');
    assert.ok((await picture.arrayBuffer()).byteLength > 1000);
    const next = await feed.next();
    assert.notEqual(next[0]?._data.id, feed[0]._data.id);
  });

  test('loads an account\'s posts', async () => {
    with_token(simulator.secrets.instagram_token);
    const posts = await account.getMedia(['id', 'media_type', 'media_url'], {limit: 2});
    assert.equal(posts.length, 2);
    assert.match(posts[0]._data.media_url, /^https:\/\/scontent[^/]*cdninstagram\.com/);
  });

  test('makes an unpublished photo and deletes it', async () => {
    with_token(simulator.secrets.facebook_page_token);
    const photo = await page.createPhoto([], {url: 'https://www.example.org/p.jpg', published: false, temporary: true});
    assert.match(photo.id, /^[0-9]+$/);
    await new sdk.Photo(photo.id).delete([], {});
  });

  test('makes a container of a picture and reads its state', async () => {
    with_token(simulator.secrets.instagram_token);
    const container = await account.createMedia([], {image_url: 'https://www.example.org/p.jpg'});
    const state = await new sdk.IGUser(container.id).read(['id', 'status_code']);
    assert.ok(['IN_PROGRESS', 'FINISHED'].includes(state._data.status_code));
  });

  test('understands an expired token, a limit, and an outage of the platform', async () => {
    with_token(simulator.secrets.facebook_page_token);
    const codes = async () => page.getFeed(['id'], {}).then(() => 0, (error) => error.response?.code ?? error.status);
    await simulator.control('PUT', '/tokens/facebook', {state: 'expired'});
    assert.equal(await codes(), 190);
    await simulator.control('PUT', '/tokens/facebook', {state: 'rate_limited'});
    assert.ok([4, 17, 32, 80001].includes(await codes()));
    await simulator.control('PUT', '/tokens/facebook', {state: 'valid'});
    await simulator.control('PUT', '/faults', [{platform: 'facebook', layer: 'api', share: 1}]);
    assert.equal(await codes(), 2);
    await simulator.control('DELETE', '/faults');
    assert.equal(await codes(), 0);
  });
});
