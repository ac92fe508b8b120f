/** Ports for an instance in a test. */
import { type HeldPort, holdPort } from '@tongchou/runtime/process/ports.ts'

/** The first of seven free ports; the eighth is held, so that test files do not share any. */
export async function sevenPorts(): Promise<{ port: string; held: HeldPort }> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 1_500) * 8
    const probes = await Promise.all([...Array(8).keys()].map(i => holdPort(base + i)))
    const held = probes.pop()
    const free = held !== undefined && probes.every(probe => probe !== undefined)
    for (const probe of probes) await probe?.release()
    if (free && held) return { port: String(base), held }
    await held?.release()
  }
}
