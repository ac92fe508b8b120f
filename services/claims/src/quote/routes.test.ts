import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { beijingPack } from '../testing/demo.ts'
import { AGENCY, createTestClaims, SERVICE, type TestClaims } from '../testing/service.ts'

async function withPack(): Promise<TestClaims> {
  const service = await createTestClaims()
  await service.call('POST', '/v1/policies', { body: JSON.parse(beijingPack().pack), as: AGENCY })
  return service
}

function quote(service: TestClaims, claim: ClaimSubmitted, as = SERVICE) {
  const body = { claim: encodeEvent('ClaimSubmitted', claim).toString('base64') }
  return service.call('POST', '/v1/quotes', { body, as })
}

describe('POST /v1/quotes', () => {
  test('tells what the claim would come to, and stores nothing', async () => {
    const service = await withPack()
    await service.submit(submittedWith())
    const before = (await service.events()).length
    const claim = submittedWith({ claimId: claimIdFor('2') })
    const reply = await quote(service, claim)
    assert.equal(reply.status, 200, reply.text)
    const { shares, totalsBefore, assumptions, asOfPosition } = JSON.parse(reply.text)
    assert.deepEqual([shares.deductibleFen, shares.pooledFen], [65_000, 794_750])
    assert.deepEqual([totalsBefore.stays, totalsBefore.paidInFen], [1, 739_500])
    assert.equal(assumptions.length, 3)
    assert.equal(asOfPosition, before)
    assert.equal((await service.events()).length, before)
    await service.submit(claim)
    const made = (await service.events()).at(-1)
    assert(made?.type === 'ClaimAdjudicated')
    assert.equal(made.data.pooledFen, 794_750n)
    await service.close()
  })

  test('of a claim that is adjudicated already is what it came to', async () => {
    const service = await withPack()
    await service.submit(submittedWith(), submittedWith({ claimId: claimIdFor('2') }))
    const reply = await quote(service, submittedWith())
    assert.equal(JSON.parse(reply.text).shares.deductibleFen, 130_000)
    await service.close()
  })

  test('is refused where no pack is in force or computes it, with place and reason', async () => {
    const service = await withPack()
    const none = await quote(service, submittedWith({ insuredRegion: '999900' }))
    assert.deepEqual([none.status, none.kind], [422, 'no-policy'])
    assert.deepEqual(
      [none.get('region'), none.get('scheme'), none.get('on'), none.get('because')],
      ['999900', 'employee', '2025-03-01', 'none-in-force'],
    )
    const unknown = await quote(service, submittedWith({ status: 'unheardOf' }))
    assert.deepEqual([unknown.kind, unknown.get('because')], ['no-policy', 'unknown'])
    await service.close()
  })

  test('waits for the policy log rather than saying that there is no pack', async () => {
    const service = await createTestClaims()
    service.log.broadcastTo = 0n
    await service.call('POST', '/v1/policies', { body: JSON.parse(beijingPack().pack), as: AGENCY })
    const reply = await quote(service, submittedWith())
    assert.deepEqual([reply.status, reply.kind], [503, 'unavailable'])
    await service.close()
  })

  test('is for services alone; what is no claim is named', async () => {
    const service = await withPack()
    const agency = await quote(service, submittedWith(), AGENCY)
    assert.deepEqual([agency.status, agency.kind], [403, 'not-allowed'])
    const post = (claim: string) =>
      service.call('POST', '/v1/quotes', { body: { claim }, as: SERVICE })
    for (const text of ['', '***', 'AAAA', Buffer.from('c301', 'hex').toString('base64')]) {
      const reply = await post(text)
      assert.deepEqual([reply.status, reply.get('field')], [400, 'claim'], text)
    }
    const withdrawn = { claimId: claimIdFor('1'), personId: PERSON, reason: 'other event' }
    const other = await post(encodeEvent('ClaimWithdrawn', withdrawn).toString('base64'))
    assert.deepEqual([other.status, other.get('field')], [400, 'claim'])
    const wrong = (change: Partial<ClaimSubmitted>) => quote(service, submittedWith(change))
    const faulty = [
      await wrong({ totalFen: fen(1) }),
      await wrong({ fullSelfFen: fen(-1), totalFen: fen(999_999) }),
      await wrong({ endOn: '2025-02-30' as BusinessDate }),
      await wrong({ attributes: { 'insured.years': '2024' } }),
    ]
    assert.deepEqual(
      faulty.map(({ status, get }) => [status, get('field')]),
      [
        [400, 'claim.totalFen'],
        [400, 'claim.fullSelfFen'],
        [400, 'claim.endOn'],
        [400, 'claim.attributes.insured.years'],
      ],
    )
    await service.close()
  })
})
