import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimAdjudicated } from '@tongchou/contracts/events.generated.ts'
import { sum } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { chain, EMPTY_HEAD } from '@tongchou/runtime/event-store/chain.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { ADJUDICATE_GROUP } from '../consume/clearing-claim.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { beijingPack, eventMessage } from '../testing/demo.ts'
import {
  AGENCY,
  createTestClaims,
  OTHER_AGENCY,
  SERVICE,
  type TestClaims,
} from '../testing/service.ts'

function pathOf(name: string): string {
  return `/v1/accounts/${PERSON}/adjudications/${claimIdFor(name)}/explanation`
}

async function withPack(): Promise<TestClaims> {
  const service = await createTestClaims()
  await service.call('POST', '/v1/policies', { body: JSON.parse(beijingPack().pack), as: AGENCY })
  return service
}

async function adjudicated({ events }: TestClaims): Promise<ClaimAdjudicated> {
  const event = (await events()).find(({ type }) => type === 'ClaimAdjudicated')
  assert(event?.type === 'ClaimAdjudicated')
  return event.data
}

describe('GET …/explanation', () => {
  test('tells every step with its clause, and the shares of the event', async () => {
    const service = await withPack()
    await service.submit(submittedWith())
    const reply = await service.call('GET', pathOf('1'), { as: AGENCY })
    assert.equal(reply.status, 200, reply.text)
    const { steps, shares, counts, packHash } = JSON.parse(reply.text)
    assert.deepEqual([counts, packHash], [true, beijingPack().packHash])
    assert.deepEqual([shares.pooledFen, shares.cashFen], [739_500, 260_500])
    const named = (wanted: string) => steps.find(({ name }: { name: string }) => name === wanted)
    assert.deepEqual([named('deductible').zh, named('deductible').result], ['起付线', 130_000])
    assert.equal(named('band').rounding, 'half-up')
    const [figure] = named('deductible').figures
    assert.match(figure.sources[0].document, /北京市人民政府令第158号/)
    assert.match(figure.path, /^inpatient\.deductibleFen/)
    await service.close()
  })

  test('of a claim that was undone says that it no longer counts', async () => {
    const service = await withPack()
    await service.submit(submittedWith())
    const data = { claimId: claimIdFor('1'), personId: PERSON, reason: 'typed wrongly' }
    await service.log.hand(ADJUDICATE_GROUP, [eventMessage({ type: 'ClaimWithdrawn', data }, 2)])
    const reply = await service.call('GET', pathOf('1'), { as: SERVICE })
    assert.equal(reply.get('counts'), false)
    await service.close()
  })

  test('is for the insured region of the claim', async () => {
    const service = await withPack()
    await service.submit(submittedWith())
    const other = await service.call('GET', pathOf('1'), { as: OTHER_AGENCY })
    assert.deepEqual([other.status, other.kind], [403, 'other-region'])
    const unknown = await service.call('GET', pathOf('2'), { as: AGENCY })
    assert.deepEqual([unknown.status, unknown.kind], [404, 'unknown-adjudication'])
    const hospital = await service.call('GET', pathOf('1'))
    assert.equal(hospital.kind, 'not-allowed')
    await service.close()
  })

  test('one fen that differs is a conflict, an error in the log and a number', async () => {
    const service = await withPack()
    await service.submit(submittedWith())
    const truth = await adjudicated(service)
    const data = {
      ...truth,
      personId: idFor<typeof PERSON>('forged'),
      pooledFen: sum(truth.pooledFen, truth.pooledFen),
    }
    const stream = `account-${data.personId}`
    const event = { type: 'ClaimAdjudicated', data } as const
    const stored = [toStore(event, fixedMeta('forger'), 0, data.personId, false)]
    const hashes = chain(EMPTY_HEAD, stream, stored)
    await service.store.append([{ stream, expected: EMPTY_HEAD, events: stored, hashes }])
    const path = pathOf('1').replace(PERSON, data.personId)
    const reply = await service.call('GET', path, { as: SERVICE })
    assert.deepEqual([reply.status, reply.kind], [409, 'explanation-differs'])
    assert.equal(reply.get('field'), 'pooledFen')
    assert.deepEqual([reply.get('stored'), reply.get('recomputed')], [1_479_000, 739_500])
    assert.match(service.lines.join(''), /"level":"error".*"event":"explanation.differed"/)
    const metrics = await service.registry.text()
    assert.match(metrics, /explanation_differences_total\{service="claims"[^}]*\} 1/)
    await service.close()
  })
})
