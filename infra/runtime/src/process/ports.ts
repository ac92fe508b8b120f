import { createServer } from 'node:net'

/** A port that is ours until it is released. */
export type HeldPort = { readonly port: number; release(): Promise<void> }

const LOOPBACK = '127.0.0.1'

/**
 * Takes a port, on all addresses unless one is named; undefined when it cannot be had. Port 0 is
 * one that the system chooses.
 */
export function holdPort(port: number, host?: string): Promise<HeldPort | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host }, () => {
      const address = server.address()
      const taken = typeof address === 'object' && address !== null ? address.port : port
      const release = () => new Promise<void>(released => server.close(() => released()))
      resolve({ port: taken, release })
    })
  })
}

/** Nothing listens there at this moment. */
export async function isFree(port: number, host?: string): Promise<boolean> {
  const held = await holdPort(port, host)
  await held?.release()
  return held !== undefined
}

/** Free on loopback at this moment, all different. Throws when the system has no more. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => holdPort(0, LOOPBACK)))
  await Promise.all(held.map(each => each?.release()))
  return held.map(each => {
    if (each === undefined) throw new Error(`no port is free on ${LOOPBACK}`)
    return each.port
  })
}

/** The preferred one where it is free on loopback. Throws when the system has none. */
export async function freePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred, LOOPBACK))) return preferred
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error(`no port is free on ${LOOPBACK}`)
  return port
}
