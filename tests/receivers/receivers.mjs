// What receives: HTTP services that keep what they get, a mail server, Telegram's emulator, a program.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

import { freePort } from '../support/stack.mjs'

const TelegramServer = createRequire(import.meta.url)('telegram-test-api')

/** Adds `channels` and the `secrets` they name, each in a file, to the settings of a stack. */
export async function addChannels(settings, stack, channels, secrets) {
  settings.channels = channels
  settings.secrets ??= {}
  for (const [name, value] of Object.entries(secrets)) {
    const file = path.join(stack.folder, `secret-${name}`)
    await writeFile(file, value, { mode: 0o600 })
    settings.secrets[name] = { file }
  }
}

/** Answers each path as its service does and keeps the requests: {path, headers, body}. */
export async function startServices() {
  const requests = []
  const messages = new Map() // what Slack's bot has written, by time stamp
  const answers = {
    '/slack/webhook': () => [200, 'ok'],
    '/api/chat.postMessage': (body) => {
      const ts = `1562159402.${String(messages.size + 1).padStart(6, '0')}`
      messages.set(ts, body)
      return [200, JSON.stringify({ ok: true, channel: body.channel, ts, message: { text: body.text } })]
    },
    '/api/chat.update': (body) => {
      if (!messages.has(body.ts)) return [200, JSON.stringify({ ok: false, error: 'message_not_found' })]
      messages.set(body.ts, { ...body, updated: true })
      return [200, JSON.stringify({ ok: true, channel: body.channel, ts: body.ts, text: body.text })]
    },
    '/api/webhooks/123456789012345678/token': () => [204, ''],
    '/teams/workflow': () => [202, ''],
    '/v2/enqueue': (body) => [202, JSON.stringify({ status: 'success', message: 'Event processed', dedup_key: body.dedup_key })],
    '/own/webhook': () => [200, ''],
    '/refused/dead': () => [404, 'no such hook']
  }
  const server = http.createServer(async (request, response) => {
    const parts = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString('utf8')
    const target = new URL(request.url, 'http://localhost').pathname
    const body = request.headers['content-type']?.startsWith('application/json') ? JSON.parse(text) : text
    requests.push({ path: target, headers: request.headers, text, body })
    const [status, answer] = answers[target]?.(body) ?? [200, JSON.stringify({ id: 'x', event: 'message' })]
    response.writeHead(status, { 'Content-Type': answer.startsWith('{') ? 'application/json' : 'text/plain' })
    response.end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    to: (target) => requests.filter((one) => one.path === target),
    messages,
    stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)))
  }
}

/** A certificate authority and a server of it for 127.0.0.1, made by openssl. */
async function certificates(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj',
    '/CN=Test mail authority', '-keyout', 'mail-ca.key', '-out', 'mail-ca.pem')
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj',
    '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE',
    '-CA', 'mail-ca.pem', '-CAkey', 'mail-ca.key', '-keyout', 'mail.key', '-out', 'mail.pem')
  const read = (name) => readFile(path.join(folder, name), 'utf8')
  return { authority: await read('mail-ca.pem'), key: await read('mail.key'), cert: await read('mail.pem') }
}

/** A mail server that insists on STARTTLS and a log-in; keeps mails as mailparser reads them. */
export async function startMailServer(folder, { user, password }) {
  const { authority, key, cert } = await certificates(folder)
  const mails = []
  const server = new SMTPServer({
    key,
    cert,
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth: (auth, session, done) =>
      session.secure && auth.username === user && auth.password === password
        ? done(null, { user })
        : done(new Error('wrong user or password')),
    onData: async (stream, session, done) => {
      const mail = await simpleParser(stream)
      mails.push({ ...mail, from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map((to) => to.address), secure: session.secure })
      done()
    }
  })
  // A client that does not trust us breaks off; that is its own affair.
  server.on('error', () => undefined)
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  return { port: listening.address().port, authority, mails, stop: () => new Promise((resolve) => server.close(resolve)) }
}

export async function startTelegram() {
  const server = new TelegramServer({ port: await freePort(), host: '127.0.0.1', storeTimeout: 600 })
  await server.start()
  return {
    url: server.config.apiURL,
    /** What the bot has written into the chat, with its later edits. */
    messages: () => server.storage.botMessages.map((update) => ({ id: update.messageId, ...update.message })),
    stop: () => server.stop()
  }
}
