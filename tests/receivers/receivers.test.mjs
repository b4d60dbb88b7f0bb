// Every channel to a real receiver, or to one that holds it to the rules of the real one.
import assert from 'node:assert/strict'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'

import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { Webhook } from 'standardwebhooks'

import { Program, Stack, eventually, freePort, kSource } from '../support/stack.mjs'
import { addChannels, startMailServer, startServices, startTelegram } from './receivers.mjs'
import { discordFaults, slackFaults, telegramFaults } from './types.mjs'

const adaptiveCards = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js')
const mailbox = { user: 'outaged', password: 'correct horse' }
const signingKey = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const chat = '-1001234567890'

let folder, services, mail, telegram, alertmanager, written

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'outaged-test-'))
  services = await startServices()
  mail = await startMailServer(folder, mailbox)
  telegram = await startTelegram()
  alertmanager = await startAlertmanager()
  written = path.join(folder, 'events.jsonl')
  const program = path.join(folder, 'keep')
  await writeFile(program, `#!/bin/sh\n{ cat; echo; } >> ${written}\n`)
  await chmod(program, 0o755)
})

after(async () => {
  await Promise.all([services, mail, telegram, alertmanager].map((one) => one?.stop()))
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function startAlertmanager() {
  const port = await freePort()
  const config = path.join(folder, 'alertmanager.yml')
  await writeFile(config, 'route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n')
  const program = new Program('prometheus-alertmanager', [
    `--config.file=${config}`, `--storage.path=${path.join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='
  ])
  const url = `http://127.0.0.1:${port}`
  const alerts = async () => (await fetch(`${url}/api/v2/alerts`)).json()
  await eventually('Alertmanager starts', () => alerts())
  return { url, alerts, stop: () => program.stop() }
}

function stackWith(speed) {
  const { url } = services
  const channels = {
    slack: { type: 'slack', url: '${secret:SLACK}' },
    'slack-bot': { type: 'slack-bot', token: '${secret:SLACK_BOT}', channel: 'C0123456789', base_url: url },
    telegram: { type: 'telegram', token: '${secret:TELEGRAM}', chat, base_url: telegram.url },
    webhook: { type: 'webhook', url: '${secret:WEBHOOK}', secret: '${secret:WEBHOOK_KEY}' },
    // Alertmanager takes no alerts from the future, where compressed time soon is.
    ...(speed === 1 && { alertmanager: { type: 'alertmanager', url: alertmanager.url } }),
    email: {
      type: 'email', server: `smtp://127.0.0.1:${mail.port}`, from: 'outaged@example.org', to: ['ops@example.org'],
      user: mailbox.user, password: '${secret:MAIL}'
    },
    discord: { type: 'discord', url: '${secret:DISCORD}' },
    teams: { type: 'teams', url: '${secret:TEAMS}' },
    ntfy: { type: 'ntfy', server: url, topic: '${secret:NTFY}' },
    pagerduty: { type: 'pagerduty', routing_key: '${secret:PAGERDUTY}', base_url: url },
    exec: { type: 'exec', command: [path.join(folder, 'keep')] }
  }
  const secrets = {
    SLACK: `${url}/slack/webhook`, SLACK_BOT: 'xoxb-1-2-abc', TELEGRAM: '123456:AAsecret-part', MAIL: mailbox.password,
    WEBHOOK: `${url}/own/webhook`, WEBHOOK_KEY: signingKey, DISCORD: `${url}/api/webhooks/123456789012345678/token`, TEAMS: `${url}/teams/workflow`,
    NTFY: 'outages-8f2k', PAGERDUTY: '0123456789abcdef0123456789abcdef'
  }
  return Stack.start({
    speed,
    async config(settings, stack) {
      await addChannels(settings, stack, channels, secrets)
      // The daemon trusts the mail server besides the simulator.
      const trusted = path.join(stack.folder, 'trusted.pem')
      await writeFile(trusted, (await readFile(settings.network.ca_file, 'utf8')) + mail.authority)
      settings.network.ca_file = trusted
    }
  })
}

const events = async () => (await readFile(written, 'utf8').catch(() => '')).split('\n').filter(Boolean).map((line) => JSON.parse(line))

test('a test message reaches every receiver, and outagectl tells the words of each', async () => {
  const stack = await stackWith(1)
  try {
    const names = ['slack', 'slack-bot', 'telegram', 'webhook', 'alertmanager', 'email', 'discord', 'teams', 'ntfy', 'pagerduty', 'exec']
    for (const name of names) {
      const { code, output } = await stack.ctl('notify', 'test', name)
      assert.equal(code, 0, `${name}: ${output}`)
    }
    const [alert] = await alertmanager.alerts()
    assert.equal(alert.labels.alertname, 'OutagedTest')
    assert.equal(alert.status.state, 'active')

    // The verifier knows the time, so it also holds us to a fresh time stamp.
    const [posted] = services.to('/own/webhook')
    const event = new Webhook(signingKey).verify(posted.text, posted.headers)
    assert.equal(event.type, 'test')
    assert.throws(() => new Webhook('whsec_AAAA').verify(posted.text, posted.headers))

    const sent = await eventually('the mail arrives', () => mail.mails[0])
    assert.equal(sent.secure, true)
    assert.deepEqual(sent.to, ['ops@example.org'])
    assert.match(sent.subject, /test/i)
    assert.ok(sent.text && sent.html)
  } finally {
    await stack.stop()
  }
})

test('through an outage each receiver is told once that it began and once that it ended', async () => {
  const from = { mails: mail.mails.length, telegram: telegram.messages().length, events: (await events()).length, slack: services.to('/slack/webhook').length, bot: services.messages.size, webhook: services.to('/own/webhook').length }
  const stack = await stackWith(30)
  try {
    await stack.healthy()
    await stack.simulate('/faults', [{ platform: 'whatsapp', functions: ['media-upload', 'media-download'], layer: 'http_5xx', share: 1 }])
    await eventually('an incident is opened', async () => (await stack.incidents()).some((incident) => incident.state !== 'resolved'))
    await eventually('it was told by mail', () => mail.mails.length > from.mails)
    await stack.simulate('/faults', [])
    await eventually('the incident is resolved', async () => (await stack.incidents()).every((incident) => incident.state === 'resolved'))
    const all = async () => (await events()).slice(from.events)
    await eventually('the end is told', async () => (await all()).some((event) => event.type === 'incident.resolved'))
    const queue = async () => (await stack.ctl('notify', 'queue', '--json')).json()
    await eventually('nothing waits any more', async () => (await queue()).notifications.every((one) => one.state === 'delivered'))

    const types = (await all()).map((event) => event.type)
    for (const type of ['incident.opened', 'incident.resolved']) assert.equal(types.filter((one) => one === type).length, 1, String(types))

    // What webhooks and programs get is what the schema says, and the same.
    const schema = JSON.parse(await readFile(path.join(kSource, 'schema/event.schema.json'), 'utf8'))
    const ajv = new Ajv2020({ strict: false })
    addFormats(ajv)
    const valid = ajv.compile(schema)
    for (const event of await all()) assert.ok(valid(event), JSON.stringify(valid.errors))
    const posted = services.to('/own/webhook').slice(from.webhook).map((request) => request.body)
    assert.deepEqual(posted.map((event) => event.data.reference), (await all()).map((event) => event.data.reference))

    // Slack: the webhook gets messages of their own; the bot keeps one alive and writes into its thread.
    const slack = services.to('/slack/webhook').slice(from.slack).map((request) => request.body)
    assert.equal(slack.length, types.length)
    const bot = [...services.messages.values()].slice(from.bot)
    assert.equal(bot.filter((message) => !message.thread_ts).length, 1)
    assert.ok(bot.find((message) => !message.thread_ts).updated)
    assert.notEqual(await slackFaults([{ text: 'x', blocks: [{ type: 'nonsense' }] }]), '', 'the types find faults')
    assert.equal(await slackFaults([...slack, ...bot.map(({ updated, ...message }) => message)]), '')

    // Telegram: the opening is kept up to date, the rest replies to it.
    const messages = telegram.messages().slice(from.telegram)
    const opening = messages.find((message) => !message.reply_parameters)
    assert.match(opening.text, /Resolved|works again|over/i)
    for (const message of messages) if (message !== opening) assert.equal(String(message.reply_parameters.message_id), String(opening.id))
    assert.equal(await telegramFaults(messages.map(({ id, message_id, ...message }) => message)), '')

    // Mails about one incident form a thread.
    const mails = mail.mails.slice(from.mails)
    assert.equal(mails.length, types.length)
    for (const later of mails.slice(1)) assert.ok([later.references].flat().includes(mails[0].messageId), later.subject)

    const discord = services.to('/api/webhooks/123456789012345678/token').map((request) => request.body)
    assert.equal(await discordFaults(discord), '')

    for (const { body } of services.to('/teams/workflow')) {
      const context = new adaptiveCards.SerializationContext()
      new adaptiveCards.AdaptiveCard().parse(body.attachments[0].content, context)
      assert.equal(context.eventCount, 0, context.eventCount && context.getEventAt(0).message)
    }

    // PagerDuty joins events by their key: one incident is one alert there, triggered and resolved.
    const pages = services.to('/v2/enqueue').map((request) => request.body).filter((page) => !page.dedup_key?.includes('test'))
    assert.deepEqual(new Set(pages.map((page) => page.event_action)), new Set(['trigger', 'resolve']))
    assert.equal(new Set(pages.map((page) => page.dedup_key)).size, 1)
  } finally {
    await stack.stop()
  }
})
