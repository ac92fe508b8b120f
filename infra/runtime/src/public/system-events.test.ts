import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { publicJson } from '@tongchou/contracts/public/codec.ts'
import { idFor, NOW } from '@tongchou/contracts/testing/fixed.ts'
import { instant } from '@tongchou/contracts/time.ts'
import {
  isSignedBy,
  keyFromVerificationKey,
  type SignedCheckpoint,
  signCheckpoint,
} from '../audit/checkpoint.ts'
import { checkpointSigned, heartbeat } from './system-events.ts'

const incarnation = idFor('incarnation')

test('a heartbeat says up to where a service has published, and when the next one comes', () => {
  const event = heartbeat({ service: 'funds', incarnation, position: 42n, at: NOW })
  assert.equal(event.topic.name, 'public.system.heartbeat.v1')
  assert.deepEqual([event.key, event.partition, event.position], ['funds', 0, 42n])
  assert.ok(event.data !== null)
  assert.deepEqual(publicJson(event.data), {
    ...{ service: 'funds', incarnation, position: 42, sentAt: NOW, everySeconds: 15 },
  })
})

test('a checkpoint on the topic can be verified with nothing but itself and a key', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const root = Buffer.alloc(32, 7)
  const signed = signCheckpoint(
    { service: 'funds', incarnation, size: 42, root, at: NOW },
    privateKey,
  )
  const event = checkpointSigned(signed, publicKey, NOW)
  assert.equal(event.topic.name, 'public.system.checkpoint.v1')
  assert.ok(event.data !== null)
  const json: Record<string, unknown> = { ...publicJson(event.data) }
  const key = keyFromVerificationKey(String(json['verificationKey']))
  assert.ok(key)
  const read: SignedCheckpoint = {
    ...{ service: String(json['service']), incarnation, size: Number(json['size']), at: NOW },
    root: Buffer.from(String(json['root']), 'hex'),
    keyId: String(json['keyId']),
    signature: Buffer.from(String(json['signature']), 'base64'),
  }
  assert.ok(isSignedBy(read, key))
  const later = checkpointSigned(signed, publicKey, instant('2026-01-01T00:01:00.000Z'))
  assert.notEqual(later.id, event.id, 'another telling has a number of its own, so an id, too')
  assert.match(String(json['note']), /^tongchou\/funds\/.*\n42\n/)
})

test('the same heartbeat again has the same id', () => {
  const beat = { service: 'funds', incarnation, position: 42n, at: NOW } as const
  assert.equal(heartbeat(beat).id, heartbeat(beat).id)
  assert.notEqual(heartbeat(beat).id, heartbeat({ ...beat, service: 'claims' }).id)
})
