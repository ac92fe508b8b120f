/** Registers our schemas in our own tables. */
import type { SchemaRegistrar } from '../kafka/schema-numbers.ts'
import type { Database } from '../postgres/database.ts'
import { openPostgresRegistryLog } from './postgres.ts'
import { candidateOf, Registry } from './registry.ts'

/** Where the door of clearing shows our own registry. */
export const REGISTRY_PATH = '/registry'

export async function openRegistrar(database: Database): Promise<SchemaRegistrar> {
  const registry = new Registry(await openPostgresRegistryLog(database))
  return {
    url: REGISTRY_PATH,
    async register(subject, schema, level) {
      const candidate = candidateOf(schema)
      await registry.change({ type: 'set-level', subject, level })
      const [id] = await registry.change({ type: 'register', subject, candidate })
      if (id === undefined) throw new Error(`${subject} has no number`)
      return id
    },
  }
}
