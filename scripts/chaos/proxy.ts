/**
 * Stands between clients and one broker. It can hold everything back for a while, and take the
 * answer away from a send that the broker has stored: the client must send again.
 */
import net from 'node:net'

const HOST = '127.0.0.1'
const PRODUCE = 0

type Way = { readonly client: net.Socket; readonly broker: net.Socket }

export class BrokerProxy {
  /** Where the broker listens. */
  target = 0
  delayMs = 0
  /** So many answers to sends are still to be taken away. */
  cutsLeft = 0
  /** Answers to sends that were taken away. */
  cuts = 0
  readonly #server = net.createServer({ noDelay: true }, client => this.#connect(client))
  readonly #ways = new Set<Way>()

  static async open(): Promise<BrokerProxy> {
    const proxy = new BrokerProxy()
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(0, HOST, resolve)
    })
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** Ends every connection, in the middle of whatever it carries. Returns how many there were. */
  cutAll(): number {
    const ways = [...this.#ways]
    for (const way of ways) end(way)
    return ways.length
  }

  async close(): Promise<void> {
    const closed = new Promise(resolve => this.#server.close(resolve))
    this.cutAll()
    await closed
  }

  #connect(client: net.Socket): void {
    const broker = net.connect({ port: this.target, host: HOST, noDelay: true })
    const way = { client, broker }
    this.#ways.add(way)
    for (const socket of [client, broker]) {
      socket.on('error', () => undefined) // close follows
      socket.once('close', () => {
        this.#ways.delete(way)
        end(way)
      })
    }
    /** Correlation ids of sends whose answer is to be taken away. */
    const doomed = new Set<number>()
    const toBroker = this.#later(broker)
    const toClient = this.#later(client)
    const requests = frames(frame => {
      if (frame.readInt16BE(4) === PRODUCE && this.cutsLeft > 0) {
        this.cutsLeft -= 1
        doomed.add(frame.readInt32BE(8))
      }
      toBroker(frame)
    })
    const answers = frames(frame => {
      if (!doomed.has(frame.readInt32BE(4))) return toClient(frame)
      this.cuts += 1
      end(way)
    })
    client.on('data', requests)
    broker.on('data', answers)
  }

  /** Writes in order, as late as the delay of now says. */
  #later(socket: net.Socket): (bytes: Buffer) => void {
    const waiting: { readonly bytes: Buffer; readonly atMs: number }[] = []
    const write = (): void => {
      const now = performance.now()
      while ((waiting[0]?.atMs ?? Infinity) <= now) socket.write(waiting.shift()?.bytes ?? '')
      const [next] = waiting
      if (next !== undefined) setTimeout(write, Math.max(1, next.atMs - now))
    }
    return bytes => {
      if (this.delayMs === 0 && waiting.length === 0) {
        socket.write(bytes)
        return
      }
      waiting.push({ bytes, atMs: performance.now() + this.delayMs })
      if (waiting.length === 1) write()
    }
  }
}

function end({ client, broker }: Way): void {
  client.destroy()
  broker.destroy()
}

/** Kafka's frames: four bytes of length, then so many. Each is handed on whole, length included. */
export function frames(take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return chunk => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4) {
      const length = 4 + rest.readInt32BE(0)
      if (rest.length < length) return
      take(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  }
}
