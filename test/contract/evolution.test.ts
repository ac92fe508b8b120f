/** A schema that may not follow those before it fails here, not when a service starts. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { levelOf, releaseFaults } from '@tongchou/contracts/avro/compatibility.ts'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'
import { PUBLIC_SCHEMAS } from '@tongchou/contracts/public-events.generated.ts'
import { PUBLIC_TOPICS, type PublicTopic } from '@tongchou/contracts/public-topics.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { subjectOf } from '@tongchou/runtime/registry/client.ts'
import { MemoryRegistryLog } from '@tongchou/runtime/registry/memory.ts'
import { candidateOf, Registry } from '@tongchou/runtime/registry/registry.ts'

type Released = {
  readonly name: string
  readonly version: number
  readonly schema: { readonly name: string; readonly namespace: string }
}
type Carrier = { readonly name: string; readonly events: readonly string[] }

const GATES: readonly (readonly [
  name: string,
  topics: readonly Carrier[],
  schemas: readonly Released[],
])[] = [
  ['our own topics', Object.values<Carrier>(TOPICS), RELEASED_SCHEMAS],
  ['public topics', Object.values<PublicTopic>(PUBLIC_TOPICS), PUBLIC_SCHEMAS],
]

const fullName = ({ schema }: Released) => `${schema.namespace}.${schema.name}`

/** Oldest first: in this order they were released. */
function carriedBy(topic: Carrier, schemas: readonly Released[]): readonly Released[] {
  return schemas
    .filter(({ name }) => topic.events.includes(name))
    .toSorted((a, b) => a.version - b.version)
}

for (const [name, topics, schemas] of GATES) {
  describe(name, () => {
    test('every schema can follow every version before it at the level of its topic', () => {
      for (const topic of topics) {
        for (const newer of carriedBy(topic, schemas)) {
          for (const older of carriedBy(topic, schemas)) {
            if (older.name !== newer.name || older.version > newer.version) continue
            const faults = releaseFaults(older.schema, newer.schema, levelOf(topic.name))
            assert.deepEqual(faults, [], `${topic.name} ${newer.name} v${newer.version}`)
          }
        }
      }
    })

    test('the registry takes every schema of every topic, in the order of versions', async () => {
      const registry = new Registry(new MemoryRegistryLog())
      const versions = new Map<string, number>()
      for (const topic of topics) {
        assert.notDeepEqual(carriedBy(topic, schemas), [], topic.name)
        for (const released of carriedBy(topic, schemas)) {
          const subject = subjectOf(topic.name, fullName(released))
          assert.ok(subject.length <= 128, `${subject} is longer than a subject may be`)
          const candidate = candidateOf(JSON.stringify(released.schema))
          await registry.change({ type: 'register', subject, candidate })
          versions.set(subject, (versions.get(subject) ?? 0) + 1)
        }
      }
      const state = await registry.state()
      for (const [subject, count] of versions) {
        assert.equal(state.versions(subject, false).length, count, subject)
      }
    })
  })
}

test('no two schemas have one name, so that none is taken for the next version of another', () => {
  const names = [...RELEASED_SCHEMAS, ...PUBLIC_SCHEMAS].map(
    (released: Released) => `${fullName(released)} v${released.version}`,
  )
  assert.deepEqual(
    names.filter((one, at) => names.indexOf(one) !== at),
    [],
  )
})
