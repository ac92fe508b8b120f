import { pause } from '@tongchou/runtime/process/identity.ts'
import { isFree } from '@tongchou/runtime/process/ports.ts'
import type { Door } from './layout.ts'

const POLL_MS = 100
const REQUEST_MS = 2_000
const TELL_EVERY_MS = 10_000
const READY_MS = 180_000

/** Where the services can be asked from this machine. */
export function serviceUrl(port: number): string {
  const { TONGCHOU_HOST: host = '127.0.0.1' } = process.env
  const asked = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${asked.includes(':') ? `[${asked}]` : asked}:${port}`
}

/** Throws when a port of ours is taken, naming the service and what to do. */
export async function refuseTakenPorts(doors: readonly Door[]): Promise<void> {
  for (const { name, port } of doors) {
    if (await isFree(port)) continue
    throw new Error(
      `port ${port} (${name}) is taken by another program: ` +
        'stop that one, or choose other ports with --port.',
    )
  }
}

/**
 * Returns when every service says it is ready, or `signal` is aborted. Throws after three minutes,
 * naming the parts that are not.
 */
export async function waitUntilReady(
  doors: readonly Door[],
  { signal, say }: { signal: AbortSignal; say: (line: string) => void },
): Promise<void> {
  const startedAt = Date.now()
  let toldAt = startedAt
  for (;;) {
    const waiting = await notReady(doors)
    if (waiting.length === 0 || signal.aborted) return
    const now = Date.now()
    if (now - startedAt > READY_MS) {
      throw new Error(`not ready after ${READY_MS / 1000} s: ${waiting.join('; ')}`)
    }
    if (now - toldAt > TELL_EVERY_MS) {
      toldAt = now
      say(`waiting for ${waiting.join('; ')}`)
    }
    await pause(POLL_MS)
  }
}

async function notReady(doors: readonly Door[]): Promise<string[]> {
  const all = await Promise.all(doors.map(whyNotReady))
  return all.filter(why => why !== undefined)
}

type Report = { readonly parts?: readonly Part[] }
type Part = { readonly name: string; readonly ready: boolean; readonly detail?: string }

async function whyNotReady({ name, port }: Door): Promise<string | undefined> {
  try {
    const url = `${serviceUrl(port)}/health/ready`
    const reply = await fetch(url, { signal: AbortSignal.timeout(REQUEST_MS) })
    const body = await reply.text()
    if (reply.status === 200) return undefined
    return `${name} (${partsNotReady(body) || `HTTP ${reply.status}`})`
  } catch {
    return `${name} (does not listen yet)`
  }
}

function partsNotReady(body: string): string {
  try {
    const { parts = [] } = JSON.parse(body) as Report
    const named = parts.filter(part => !part.ready)
    return named.map(({ name, detail }) => (detail ? `${name}: ${detail}` : name)).join(', ')
  } catch {
    return ''
  }
}
