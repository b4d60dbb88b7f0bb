// Holds what was sent to the type definitions that the services' own client libraries are written against.
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const packages = fileURLToPath(new URL('node_modules', import.meta.url))

/**
 * What TypeScript has to say of `values` as `type` (an expression that may use `imports`); empty when nothing. The file
 * lies beside the packages, where the compiler finds them.
 */
export async function typeFaults(imports, type, values) {
  const folder = await mkdtemp(path.join(packages, '.typed-'))
  try {
    const lines = values.map((value) => `${JSON.stringify(value)},`)
    await writeFile(path.join(folder, 'sent.ts'), `${imports}\nexport const sent: (${type})[] = [\n${lines.join('\n')}\n]\n`)
    const compiler = path.join(packages, '.bin/tsc')
    const args = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022', '--moduleResolution', 'bundler', '--module', 'es2022', 'sent.ts']
    return await new Promise((resolve) => execFile(compiler, args, { cwd: folder }, (error, stdout, stderr) => resolve(error ? stdout + stderr || String(error) : '')))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export const slackFaults = (bodies) =>
  typeFaults("import type { KnownBlock } from '@slack/types'",
    '{ text: string; blocks?: KnownBlock[]; attachments?: { color?: string; blocks?: KnownBlock[]; fallback?: string }[]; channel?: string; thread_ts?: string; ts?: string; unfurl_links?: boolean; unfurl_media?: boolean; metadata?: object; reply_broadcast?: boolean; mrkdwn?: boolean }',
    bodies)

export const telegramFaults = (bodies) =>
  typeFaults("import type { ApiMethods } from '@grammyjs/types'", "Parameters<ApiMethods<unknown>['sendMessage']>[0]", bodies)

export const discordFaults = (bodies) =>
  typeFaults("import type { RESTPostAPIWebhookWithTokenJSONBody } from 'discord-api-types/v10'", 'RESTPostAPIWebhookWithTokenJSONBody', bodies)
