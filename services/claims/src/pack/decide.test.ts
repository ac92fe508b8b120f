import { describe, test } from 'node:test'
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'
import { thenEvents, thenRefused } from '@tongchou/contracts/testing/decide.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { beijingPack } from '../testing/demo.ts'
import type { PublishPack } from './commands.ts'
import { decide } from './decide.ts'
import { evolve, initialState } from './state.ts'

const decider = { initialState, decide, evolve }
const data = beijingPack()
const published = { type: 'PackPublished', data } as const

function publish(change: Partial<PackPublished> = {}): PublishPack {
  return { type: 'PublishPack', data: { ...data, ...change }, meta: fixedMeta() }
}

describe('a pack', () => {
  test('is published once', () => {
    thenEvents(decider, { given: [], when: publish() }, [published])
    thenEvents(decider, { given: [published], when: publish() }, [])
  })

  test('that is known for another region or other days is refused', () => {
    const day = businessDate('2030-01-01')
    const others = [{ regionCode: '310100' }, { effectiveFrom: day }, { effectiveTo: day }]
    for (const other of others) {
      thenRefused(decider, { given: [published], when: publish(other) }, 'pack-known')
    }
  })
})
