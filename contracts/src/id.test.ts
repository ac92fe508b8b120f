import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Uuid } from './id.ts'
import { claimIdOf, eventIdOf, isUuid, personIdOf, scopedId, uuid, uuidFrom } from './id.ts'

/** @source RFC 9562 Appendix A.4: UUIDv5 of www.example.com in the DNS namespace */
test('UUIDv5 gives the example of RFC 9562', () => {
  const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8' as Uuid
  assert.equal(uuidFrom(dns, 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2')
})

test('a claim has one id, and no two natural keys share it', () => {
  assert.equal(claimIdOf('H11', '0001'), claimIdOf('H11', '0001'))
  assert.notEqual(claimIdOf('H11', '0001'), claimIdOf('H110', '001'))
})

test('a person id needs the key', () => {
  const id = personIdOf(Buffer.alloc(32, 1), '1101000000000001')
  assert.ok(isUuid(id))
  assert.equal(id, personIdOf(Buffer.alloc(32, 1), '1101000000000001'))
  assert.notEqual(id, personIdOf(Buffer.alloc(32, 2), '1101000000000001'))
})

test('events of a command have ids of their own, the same in every retry', () => {
  const command = uuidFrom(uuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8'), 'c')
  assert.equal(eventIdOf(command, 0), eventIdOf(command, 0))
  assert.notEqual(eventIdOf(command, 0), eventIdOf(command, 1))
})

test('an id within a scope is another one in every scope, and no two ids meet in one', () => {
  const namespace = uuid('6ba7b810-9dad-11d1-80b4-00c04fd430c8')
  const ids = Array.from({ length: 2000 }, (_, index) => uuidFrom(namespace, String(index)))
  const scoped = ['claims.adjudicate', 'fraud.score'].flatMap(scope =>
    ids.map(id => scopedId(id, scope)),
  )
  assert.ok(scoped.every(isUuid))
  assert.equal(new Set([...ids, ...scoped]).size, 6000)
  assert.equal(scopedId(ids[0] as Uuid, 'fraud.score'), scoped[2000])
})

test('only lowercase UUIDs are ids', () => {
  assert.throws(() => uuid('2ED6657D-E927-568B-95E1-2665A8AEA6A2'), RangeError)
  assert.throws(() => uuid('2ed6657d'), RangeError)
})
