import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PUBLIC_TOPICS, type PublicTopic } from '@tongchou/contracts/public-topics.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import type { Publisher } from '@tongchou/runtime/public/port.ts'
import { publish as claims } from '../../services/claims/src/publish.ts'
import { publish as clearing } from '../../services/clearing/src/publish.ts'
import { publish as funds } from '../../services/funds/src/publish.ts'
import { publish as providers } from '../../services/providers/src/publish.ts'

const PUBLISHERS: Readonly<Record<string, Publisher>> = { claims, clearing, funds, providers }
const README = join(import.meta.dirname, '../../contracts/README.md')
const topics: readonly PublicTopic[] = Object.values(PUBLIC_TOPICS)

test('the table of public topics is the declaration', () => {
  const rows = readFileSync(README, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('| `public.'))
    .map(line => line.split('|').map(cell => cell.trim().replaceAll('`', '')))
    .map(([, name, kind, , partitions, kept]) => [name, kind, partitions, kept])
  const declared = topics.map(({ name, kind, partitions, retention }) => {
    const days = retention === 'forever' ? 'for ever' : `${retention.days} days`
    return [name, kind, String(partitions), days.replace(/^1 days$/, '1 day')]
  })
  assert.deepEqual(rows, declared)
})

test('a service publishes its own stored events, and every service with a topic publishes', () => {
  for (const [service, { events }] of Object.entries(PUBLISHERS)) {
    const own = Object.values(TOPICS)
      .filter(topic => topic.service === service)
      .flatMap((topic): readonly string[] => topic.events)
    for (const type of events) assert.ok(own.includes(type), `${service} ${type}`)
  }
  const speakers = new Set(topics.map(({ service }) => service).filter(name => name !== 'system'))
  assert.deepEqual([...speakers].sort(), Object.keys(PUBLISHERS).sort())
})
