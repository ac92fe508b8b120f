import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'

const ROOT = join(import.meta.dirname, '../..')

test('the generated types are those of the schema files', () => {
  const args = [join(ROOT, 'scripts/generate-contracts.ts'), '--check']
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
})

test('a topic carries events of its own service only', () => {
  const owners = new Map<string, string>(
    RELEASED_SCHEMAS.map(({ name, service }) => [name, service]),
  )
  for (const topic of Object.values(TOPICS)) {
    for (const event of topic.events) assert.equal(owners.get(event), topic.service, event)
  }
})

test('topic names are <service>.<noun>.v<major>, and each service says something', () => {
  for (const { name, service } of Object.values(TOPICS)) {
    assert.match(name, new RegExp(`^${service}\\.[a-z-]+\\.v\\d+$`))
  }
  const speakers = new Set<string>(Object.values(TOPICS).map(({ service }) => service))
  assert.deepEqual(
    SERVICES.filter(name => !speakers.has(name)),
    [],
  )
})
