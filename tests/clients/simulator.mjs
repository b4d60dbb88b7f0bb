// A simulator for client libraries, told nothing but its base address. Its certificates are for the platforms' real names,
// so in this process names lead to loopback and its authority counts beside the built-in ones.
import dns from 'node:dns'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import tls from 'node:tls'

import { Stack } from '../support/stack.mjs'

function toLoopback(name, options, done) {
  const [how, callback] = typeof options === 'function' ? [{}, options] : [options, done]
  const address = { address: '127.0.0.1', family: 4 }
  process.nextTick(() => (how.all ? callback(null, [address]) : callback(null, address.address, address.family)))
}

/// A Stack without a daemon; `variables` and `secrets` are those that the simulator made for probe files.
export async function startSimulator() {
  const stack = await Stack.start({ speed: 1, daemon: false })
  const authority = await readFile(join(stack.folder, 'sim', 'ca.pem'), 'utf8')
  const original = tls.createSecureContext
  tls.createSecureContext = (options = {}) => original({ ...options, ca: [...tls.rootCertificates, authority] })
  dns.lookup = toLoopback
  return stack
}
