/** Contributions over memory adapters, with packs of the repository published. */
import { readFileSync } from 'node:fs'
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { type BusinessDate, businessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import type {
  Message,
  MessageLog,
  RunningSubscription,
} from '@tongchou/runtime/message-log/port.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { createTestService, type TestService } from '@tongchou/runtime/testing/service.ts'
import { contributions } from '../app.ts'

export type TestPack = {
  /** File in contracts/policies/packs. */
  readonly name: string
  readonly regionCode: string
  readonly scheme: PackPublished['scheme']
  readonly from: string
}

const PACKS = new URL('../../../../contracts/policies/packs/', import.meta.url)

export function packText(name: string): string {
  return readFileSync(new URL(`${name}.json`, PACKS), 'utf8')
}

/** As the policy topic carries it. The hash is only a name here. */
export function publishedPack({ name, regionCode, scheme, from }: TestPack): PackPublished {
  return {
    packHash: name.padEnd(64, '0'),
    ...{ regionCode, scheme, name },
    effectiveFrom: from as BusinessDate,
    effectiveTo: null,
    form: 'language',
    poolResultFen: null,
    pack: packText(name),
    cannotCompute: [],
    attributes: [],
  }
}

/** Time stands still on the day at ten in the morning in Shanghai. */
export function createTestContributions(
  options: { readonly packs?: readonly TestPack[]; readonly on?: string } = {},
): Promise<TestService> {
  const { packs = [], on = '2025-03-10' } = options
  const nowMs = Date.parse(`${businessDate(on)}T02:00:00.000Z`)
  return createTestService(contributions, {
    nowMs: () => nowMs,
    log: logOf(packs.map((pack, index) => messageOf(publishedPack(pack), index + 1))),
  })
}

function messageOf(data: PackPublished, position: number): Message {
  const meta = fixedMeta(`pack ${position}`)
  return {
    ...toStore({ type: 'PackPublished', data }, meta, 0, data.packHash, false),
    position: BigInt(position),
    stream: `pack-${idFor(data.packHash)}`,
    version: 1,
    hash: EMPTY_HEAD.hash,
    topic: TOPICS.policy.name,
    incarnation: idFor('claims'),
  }
}

/** Whoever listens hears all of it at once. */
function logOf(messages: readonly Message[]): MessageLog {
  const head = BigInt(messages.length)
  const running: RunningSubscription = {
    ...{ group: 'broadcast', topic: TOPICS.policy.name, fault: () => null, partitions: () => 1 },
    ...{ handled: () => head, seen: () => head, stop: async () => {} },
  }
  return {
    subscribe: () => Promise.reject(new Error('nothing is consumed in this test')),
    broadcast: async ({ handle }) => {
      handle(messages)
      return running
    },
    head: async () => head,
    close: async () => {},
  }
}
