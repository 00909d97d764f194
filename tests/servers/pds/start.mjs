// Starts a PLC directory (in memory) and a Personal Data Server (in a throw-away folder) on 127.0.0.1, prints one
// line of JSON with their addresses, and serves until Ctrl-C, SIGTERM, or --idle seconds without a request.
//
//   node start.mjs [--port 2583] [--idle 60] [--account vientiane.test]
//
// --account makes an account with this handle and adds its app password to the line.

import crypto from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'

import { PDS, envToCfg, envToSecrets } from '@atproto/pds'
import plc from '@did-plc/server'

const { values: options } = parseArgs({
  options: { port: { type: 'string' }, idle: { type: 'string' }, account: { type: 'string' } },
})

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'chancery-pds-'))
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }))

const secret = () => crypto.randomBytes(32).toString('hex')

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })

/** Makes whatever `server` is listen on the loopback interface only. */
const onLoopback = (app) => {
  const listen = app.listen.bind(app)
  app.listen = (port, ...rest) => listen(port, '127.0.0.1', ...rest)
}

const plcPort = await freePort()
const directory = plc.PlcServer.create({ db: plc.Database.mock(), port: plcPort })
onLoopback(directory.app)
await directory.start()

const port = options.port ? Number(options.port) : await freePort()
const environment = {
  port,
  hostname: 'localhost',
  devMode: true,
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  didPlcUrl: `http://127.0.0.1:${plcPort}`,
  disableSsrfProtection: true,
  rateLimitsEnabled: false,
  dataDirectory: folder,
  blobstoreDiskLocation: path.join(folder, 'blobs'),
  blobstoreDiskTmpLocation: path.join(folder, 'blobs-incoming'),
  blobUploadLimit: 5 * 1024 * 1024,
  jwtSecret: secret(),
  dpopSecret: secret(),
  adminPassword: secret(),
  plcRotationKeyK256PrivateKeyHex: secret(),
  // Nothing is announced to the network, and nothing is asked of it.
  crawlers: [],
}
const pds = await PDS.create(envToCfg(environment), envToSecrets(environment))
onLoopback(pds.app)
const server = await pds.start()

const stop = async () => {
  await Promise.allSettled([pds.destroy(), directory.destroy()])
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)

if (options.idle) {
  const idle = Number(options.idle) * 1000
  let last = Date.now()
  server.on('request', () => (last = Date.now()))
  setInterval(() => Date.now() - last > idle && stop(), 1000)
}

const call = async (method, body, token) => {
  const reply = await fetch(`http://127.0.0.1:${port}/xrpc/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  if (!reply.ok) throw new Error(`${method}: ${await reply.text()}`)
  return reply.json()
}

const line = { pid: process.pid, pds: `http://127.0.0.1:${port}`, plc: `http://127.0.0.1:${plcPort}` }
if (options.account) {
  const handle = options.account
  const account = await call('com.atproto.server.createAccount', {
    handle,
    email: `${handle}@example.test`,
    password: secret(),
  })
  const made = await call('com.atproto.server.createAppPassword', { name: 'chancery' }, account.accessJwt)
  Object.assign(line, { handle, did: account.did, appPassword: made.password })
}
process.stdout.write(`${JSON.stringify(line)}\n`)
