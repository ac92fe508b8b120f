/** A TCP proxy before the database that can do what networks do. For tests. */
import net from 'node:net'
import type { TestContext } from 'node:test'

export type Proxy = {
  readonly url: string
  /** The reply to the next request of every connection is swallowed and the connection cut. */
  cutNextReply(): void
  /** Cuts all connections now. */
  cutAll(): void
  /** Nothing passes, and nobody is told, until `thaw`. */
  freeze(): void
  thaw(): void
  /** Replies swallowed so far. */
  readonly cuts: () => number
}

export async function startProxy(t: TestContext, target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<Pair>()
  let cuts = 0
  let frozen = false
  const server = net.createServer(client => {
    const upstream = net.connect(Number(port || 5432), hostname)
    const pair: Pair = { client, upstream, armed: false, doomed: false }
    pairs.add(pair)
    pump(client, upstream, () => {
      if (pair.armed) pair.doomed = true
      return !frozen
    })
    pump(upstream, client, () => {
      if (!pair.doomed) return !frozen
      cuts += 1
      end(pair)
      return false
    })
    for (const socket of [client, upstream]) {
      socket.on('error', () => end(pair))
      socket.on('close', () => end(pair))
    }
  })

  function end(pair: Pair): void {
    pairs.delete(pair)
    pair.client.destroy()
    pair.upstream.destroy()
  }

  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const pair of pairs) end(pair)
    server.close()
  })
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.searchParams.delete('host') // not by the socket, which passes the proxy by
  url.port = String((server.address() as net.AddressInfo).port)
  return {
    url: url.href,
    cuts: () => cuts,
    cutNextReply: () => {
      for (const pair of pairs) pair.armed = true
    },
    cutAll: () => {
      for (const pair of pairs) end(pair)
    },
    freeze: () => {
      frozen = true
    },
    thaw: () => {
      frozen = false
      for (const pair of pairs) end(pair) // what was held back is lost
    },
  }
}

type Pair = {
  readonly client: net.Socket
  readonly upstream: net.Socket
  armed: boolean
  doomed: boolean
}

function pump(from: net.Socket, to: net.Socket, passes: () => boolean): void {
  from.on('data', data => {
    if (passes()) to.write(data)
  })
}
