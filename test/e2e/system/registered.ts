/** Events as somebody reads them who has only the record's value and the registry. */
import assert from 'node:assert/strict'
import { compileSchema } from '@tongchou/contracts/avro/codec.ts'
import { fingerprintOf } from '@tongchou/contracts/avro/fingerprint.ts'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'
import { PUBLIC_SCHEMAS } from '@tongchou/contracts/public-events.generated.ts'
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { subjectOf } from '@tongchou/runtime/registry/client.ts'
import type { Registry } from '@tongchou/runtime/registry/registry.ts'
import { candidateOf } from '@tongchou/runtime/registry/registry.ts'
import { fromWire, schemaIdIn, toWire } from '@tongchou/runtime/registry/wire.ts'

type Carrier = { readonly name: string; readonly events: readonly string[] }
type Released = {
  readonly name: string
  readonly schema: { readonly name: string; readonly namespace: string }
}
type Reader = { readonly type: ReturnType<typeof compileSchema>; readonly fingerprint: Buffer }

const HEADER = 5

export class Registered {
  readonly #registry: Registry
  readonly #ids = new Map<string, number>()
  readonly #readers = new Map<number, Reader>()

  constructor(registry: Registry) {
    this.#registry = registry
  }

  /** Every schema of every topic under its subject, as the services do at their start. */
  async register(): Promise<void> {
    await this.#registerAll(Object.values<Carrier>(TOPICS), RELEASED_SCHEMAS)
    await this.#registerAll(Object.values<Carrier>(PUBLIC_TOPICS), PUBLIC_SCHEMAS)
    const state = await this.#registry.state()
    for (const id of this.#ids.values()) {
      const type = compileSchema(JSON.parse(state.withId(id)?.text ?? ''))
      this.#readers.set(id, { type, fingerprint: fingerprintOf(type) })
    }
  }

  async #registerAll(topics: readonly Carrier[], schemas: readonly Released[]): Promise<void> {
    for (const topic of topics) {
      for (const { name, schema } of schemas) {
        if (!topic.events.includes(name)) continue
        const subject = subjectOf(topic.name, `${schema.namespace}.${schema.name}`)
        const candidate = candidateOf(JSON.stringify(schema))
        const [id = 0] = await this.#registry.change({ type: 'register', subject, candidate })
        const fingerprint = fingerprintOf(compileSchema(schema)).toString('hex')
        this.#ids.set(`${topic.name} ${fingerprint}`, id)
      }
    }
  }

  /** Sends the bytes of an event over the topic and reads them on the other side. */
  assertReadable(topic: string, stored: Buffer): void {
    const id = this.#ids.get(`${topic} ${stored.toString('hex', 2, 10)}`)
    assert.ok(id !== undefined, `${topic} carries an event whose schema is not registered`)
    const value = toWire(stored, id, topic)
    const { type } = this.#readerOf(schemaIdIn(value, topic))
    assert.equal(type.decode(value, HEADER).offset, value.length, `${topic}: bytes left over`)
    const back = fromWire(value, of => this.#readerOf(of).fingerprint, topic)
    assert.ok(back.equals(stored), `${topic}: other bytes came back`)
  }

  #readerOf(id: number): Reader {
    const reader = this.#readers.get(id)
    assert.ok(reader !== undefined, `no schema ${id}`)
    return reader
  }
}
