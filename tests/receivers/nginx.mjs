// nginx as the receivers' gateway: it passes messages on, or fails as gateways do.
import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { Program, eventually, freePort } from '../support/stack.mjs'

const locations = (target, working) => `
    location /own/ { proxy_pass ${target}; }
    location /limited/ { ${working ? `proxy_pass ${target}/own/;` : 'add_header Retry-After 60 always; return 429;'} }
    location /broken/ { ${working ? `proxy_pass ${target}/own/;` : 'return 500;'} }
    location /closed/ { ${working ? `proxy_pass ${target}/own/;` : 'return 444;'} }
    location /gone/ { return 410; }
    location /moved/ { return 307 ${target}/elsewhere; }`

export async function startNginx(folder, target) {
  const port = await freePort()
  const file = path.join(folder, 'nginx.conf')
  const configure = (working) => writeFile(file, `
daemon off; master_process on; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/nginx-error.log;
events { worker_connections 256; }
http {
  access_log ${folder}/nginx-access.log; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server { listen 127.0.0.1:${port};${locations(target, working)}
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
    stop: () => program.stop()
  }
}
