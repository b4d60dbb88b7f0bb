// nginx as the receivers' gateway: it passes messages on, or fails as gateways do.
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'

import { Program, eventually, freePort } from '../support/stack.mjs'

const locations = (target, silent, working) => `
    location /own/ { proxy_pass ${target}; }
    location /limited/ { ${working ? `proxy_pass ${target}/own/;` : 'add_header Retry-After 60 always; return 429;'} }
    location /broken/ { ${working ? `proxy_pass ${target}/own/;` : 'return 500;'} }
    location /closed/ { ${working ? `proxy_pass ${target}/own/;` : 'return 444;'} }
    location /slow/ { proxy_pass ${working ? `${target}/own/` : silent}; proxy_read_timeout 300s; }
    location /gone/ { return 410; }
    location /moved/ { return 307 ${target}/elsewhere; }`

export async function startNginx(folder, target) {
  const port = await freePort()
  // Takes connections and never says a word.
  const mute = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const silent = `http://127.0.0.1:${mute.address().port}/`
  const file = path.join(folder, 'nginx.conf')
  const configure = (working) => writeFile(file, `
daemon off; master_process on; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log;
events { worker_connections 256; }
http {
  access_log ${folder}/nginx-access.log; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server { listen 127.0.0.1:${port};${locations(target, silent, working)}
  }
}
`)
  await configure(false)
  let program
  const run = async () => {
    program = new Program('/usr/sbin/nginx', ['-p', folder, '-c', file])
    await eventually('nginx starts', () => fetch(`${url}/broken/`))
  }
  const url = `http://127.0.0.1:${port}`
  await run()
  return {
    url,
    /** Brings it back after `stop`. */
    run,
    async repair() {
      await configure(true)
      program.child.kill('SIGHUP')
      await eventually('nginx works', async () => (await fetch(`${url}/broken/`, { method: 'HEAD' })).status === 200)
    },
    stop: () => program.stop(),
    close: () => Promise.all([program.stop(), new Promise((done) => mute.close(done))])
  }
}
