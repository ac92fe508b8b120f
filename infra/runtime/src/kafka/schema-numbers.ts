/** Numbers of our schemas in the registry, asked for once at the start: records carry them. */
import { compileSchema } from '@tongchou/contracts/avro/codec.ts'
import { fingerprintOf } from '@tongchou/contracts/avro/fingerprint.ts'
import { RELEASED_SCHEMAS } from '@tongchou/contracts/events.generated.ts'
import { publicSchemaOf } from '@tongchou/contracts/public/codec.ts'
import { PUBLIC_TOPICS, type PublicTopic } from '@tongchou/contracts/public-topics.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import { type Schemas, subjectOf } from '../registry/client.ts'
import { Fault } from '../service/fault.ts'

export type SchemaNumbers = {
  /** By topic and the fingerprint that stored bytes begin with. Throws for one that is not ours. */
  readonly internal: (topic: string, fingerprint: bigint) => number
  /** By subject. */
  readonly public: (subject: string) => number
  /** Address of a schema in the registry, for `ce_dataschema`. */
  readonly urlOf: (id: number) => string
}

/** Registers what the services write: all versions of each schema, oldest first. */
export async function openSchemaNumbers(
  services: ReadonlySet<ServiceName>,
  registry: Pick<Schemas, 'url' | 'register'>,
): Promise<SchemaNumbers> {
  const internal = new Map<string, number>()
  for (const topic of Object.values<Topic>(TOPICS)) {
    if (!services.has(topic.service)) continue
    for (const { name, schema } of RELEASED_SCHEMAS) {
      if (!topic.events.some(event => event === name)) continue
      const subject = subjectOf(topic.name, `${schema.namespace}.${schema.name}`)
      const text = JSON.stringify(schema)
      const id = await registry.register(subject, text)
      const fingerprint = fingerprintOf(compileSchema(schema)).readBigUInt64BE()
      internal.set(`${topic.name} ${fingerprint}`, id)
    }
  }
  const others = new Map<string, number>()
  for (const topic of Object.values<PublicTopic>(PUBLIC_TOPICS)) {
    if (topic.service !== 'system' && !services.has(topic.service)) continue
    for (const { fullName, schema } of topic.events.map(publicSchemaOf)) {
      const subject = subjectOf(topic.name, fullName)
      const text = JSON.stringify(schema)
      others.set(subject, await registry.register(subject, text))
    }
  }
  return {
    internal: (topic, fingerprint) => known(internal, `${topic} ${fingerprint}`),
    public: subject => known(others, subject),
    urlOf: id => `${registry.url}/schemas/ids/${id}`,
  }
}

function known(numbers: ReadonlyMap<string, number>, what: string): number {
  const id = numbers.get(what)
  if (id !== undefined) return id
  throw new Fault('newer-schema', `${what}: written with a schema that this build does not have`)
}
