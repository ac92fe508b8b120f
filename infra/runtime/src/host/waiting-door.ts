/**
 * Answers in place of the services while what they stand on is not there: alive, not ready, and
 * why.
 */
import { createServer, type Server } from 'node:http'

export type WaitingDoor = {
  /** From now on this is the reason; the ports are taken at the first call. */
  readonly say: (part: string, detail: string) => void
  /** Gives the ports free. */
  readonly close: () => Promise<void>
}

export function waitingDoor(host: string, ports: readonly number[]): WaitingDoor {
  const servers: Server[] = []
  let reason = { name: 'start', ready: false, detail: 'starting' }
  function listen(): void {
    for (const port of ports.filter(number => number !== 0)) {
      const server = createServer((request, reply) => {
        const alive = request.url === '/health/live'
        reply.writeHead(alive ? 200 : 503, {
          'content-type': 'application/json',
          'retry-after': '1',
        })
        reply.end(JSON.stringify({ ready: false, parts: [reason] }))
      })
      server.on('error', () => {}) // the real door says it better
      servers.push(server.listen(port, host))
    }
  }
  return {
    say: (name, detail) => {
      reason = { name, ready: false, detail }
      if (servers.length === 0) listen()
    },
    close: async () => {
      const closed = servers.map(server => new Promise(resolve => server.close(resolve)))
      for (const server of servers) server.closeAllConnections()
      await Promise.all(closed)
    },
  }
}
