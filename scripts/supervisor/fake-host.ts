/**
 * Stands in for `scripts/host.ts` in the supervisor's tests: serves the readiness of the named
 * services, ends on command (`POST /exit/<code>`), and notes start and stop in `<data>/fake.log`.
 */
import { appendFileSync, existsSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import path from 'node:path'

const services = process.argv.slice(2)
const { TONGCHOU_DATA_DIR: dataDir = '.', FAKE_CRASHES: crashes = '' } = process.env

function note(what: string): void {
  appendFileSync(path.join(dataDir, 'fake.log'), `${what} ${services.join(',')}\n`)
}

function serve(service: string): Server {
  const server = createServer((request, reply) => {
    const code = request.url?.match(/^\/exit\/(\d+)$/)?.[1]
    if (code !== undefined) process.exit(Number(code))
    const ready = !existsSync(path.join(dataDir, `${service}.hold`))
    reply.writeHead(ready ? 200 : 503, { 'content-type': 'application/json' })
    const detail = ready ? undefined : 'held by the test'
    reply.end(JSON.stringify({ ready, parts: [{ name: 'store', ready, detail }] }))
  })
  return server.listen(Number(process.env[`TONGCHOU_${service.toUpperCase()}_PORT`]), '127.0.0.1')
}

note('start')
if (services.includes(crashes)) {
  console.error('cannot go on: told to crash')
  process.exit(4)
}
const servers = services.map(serve)
process.once('SIGTERM', () => {
  note('stop')
  for (const server of servers) server.close()
  for (const server of servers) server.closeAllConnections()
})
