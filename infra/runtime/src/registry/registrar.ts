/** Our schemas in our own registry, without a way over HTTP. */
import type { Schemas } from './client.ts'
import type { RegistryLog } from './port.ts'
import { candidateOf, Registry } from './registry.ts'

/** `url`: where others find the registry. Throws RegistryRefusal, Fault `unavailable`. */
export function ownSchemas(log: RegistryLog, url: string): Pick<Schemas, 'url' | 'register'> {
  const registry = new Registry(log)
  return {
    url,
    // The registry has our levels by name already: what an operator set over one stands.
    async register(subject, schema, level) {
      if (level !== undefined) await registry.change({ type: 'set-level', subject, level })
      const candidate = candidateOf(schema)
      const [id] = await registry.change({ type: 'register', subject, candidate })
      if (id === undefined) throw new Error(`${subject} has no number`)
      return id
    },
  }
}
