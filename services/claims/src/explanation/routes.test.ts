import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import type { ClaimAdjudicated, ClaimSubmitted } from '@tongchou/contracts/events.generated.ts'
import type { ChangeJson, LinesJson } from '@tongchou/contracts/http/account.ts'
import { fen, sum } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { lineWith } from '@tongchou/contracts/testing/submitted.ts'
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

const DIFFERS = 'explanation-differs'

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

  test('is a tree: the steps of a part go into its result, and the parts into what is paid', async () => {
    const service = await withPack()
    await service.submit(submittedWith())
    const { steps } = JSON.parse((await service.call('GET', pathOf('1'), { as: AGENCY })).text)
    const last = steps.at(-1)
    assert.deepEqual([last.name, last.of], ['cash', null])
    for (const step of steps.slice(0, -1)) {
      const into = steps[step.of - 1]
      assert.ok(into.number > step.number)
      assert.ok(into === last || into.layer === step.layer)
    }
    const band = steps.find(({ name }: { name: string }) => name === 'band')
    assert.deepEqual([steps[band.of - 1].name, steps[band.of - 1].layer], ['paid', 'pooled'])
    await service.close()
  })

  test('is told in words to the patient and, step by step, to the clerk', async () => {
    const service = await withPack()
    await service.submit(submittedWith())
    const { text } = JSON.parse((await service.call('GET', pathOf('1'), { as: AGENCY })).text)
    assert.match(text.patient.zh, /个人现金支付：2,605\.00 元/)
    assert.match(text.patient.en, /Paid by the pooled fund: 7,395\.00 yuan/)
    assert.match(text.clerk.zh, /分段支付 \[pooled\] = 7,395\.00 元.*计入第/)
    assert.match(text.clerk.en, /clause 北京市.*\[inpatient\.deductibleFen/)
    assert.ok(text.clerk.en.includes(beijingPack().packHash))
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

describe('POST …/explanation', () => {
  const first = { itemCode: 'A1', amountFen: fen(300_000) }
  const second = { itemCode: 'B2', amountFen: fen(700_000) }
  const lines = [lineWith(first), lineWith(second)]
  const ask = ({ call }: TestClaims, change: Partial<ClaimSubmitted>, more = {}) => {
    const claim = encodeEvent('ClaimSubmitted', submittedWith({ lines, ...change }))
    return call('POST', pathOf('1'), {
      body: { claim: claim.toString('base64'), ...more },
      as: SERVICE,
    })
  }

  test('lays the shares on the lines: they add up to those of the claim', async () => {
    const service = await withPack()
    await service.submit(submittedWith({ lines }))
    const reply = await ask(service, {})
    assert.equal(reply.status, 200, reply.text)
    const told = JSON.parse(reply.text)
    const shown = told.lines.map((line: LinesJson[number]) => [
      line.itemCode,
      line.layers,
      line.cashFen,
    ])
    assert.deepEqual(shown, [
      ['A1', [{ layer: 'pooled', amountFen: 221_850 }], 78_150],
      ['B2', [{ layer: 'pooled', amountFen: 517_650 }], 182_350],
    ])
    assert.match(told.text.patient.en, /7,000\.00 yuan, of which you pay in cash 1,823\.50 yuan/)
    await service.close()
  })

  test('of another claim, or of lines that miss it, is refused with an alarm', async () => {
    const service = await withPack()
    await service.submit(submittedWith({ lines }))
    const other = await ask(service, { status: 'retired' })
    assert.deepEqual([other.status, other.kind, other.get('field')], [409, DIFFERS, 'facts'])
    const short = await ask(service, { lines: [lineWith(first)] })
    assert.deepEqual([short.kind, short.get('field')], [DIFFERS, 'lines'])
    const metrics = await service.registry.text()
    assert.match(metrics, /explanation_differences_total\{service="claims"[^}]*\} 2/)
    await service.close()
  })

  test('says what a pre-settlement assumed otherwise', async () => {
    const service = await withPack()
    const later = submittedWith({ lines, claimId: claimIdFor('1') })
    const body = { claim: encodeEvent('ClaimSubmitted', later).toString('base64') }
    const quoted = await service.call('POST', '/v1/quotes', { body, as: SERVICE })
    const { presettlement, restsOn, validTo, lines: told } = JSON.parse(quoted.text)
    assert.equal(validTo, '2025-12-31')
    assert.equal(told.length, 2)
    const named = restsOn.map(({ name }: { name: string }) => name)
    for (const name of ['packHash', 'filing', 'inScopeFen', 'accountBeforeFen']) {
      assert.ok(named.includes(name), name)
    }
    await service.submit(submittedWith({ claimId: claimIdFor('0') }), later)
    const changed = JSON.parse((await ask(service, {}, { presettlement })).text).changes
    assert.deepEqual(
      changed.map(({ name, assumed, settled }: ChangeJson) => [name, assumed, settled]),
      [
        ['totals.stays', 0, 1],
        ['totals.stays.tier3', 0, 1],
        ['totals.dedInFen', 0, 130_000],
        ['totals.paidInFen', 0, 739_500],
        ['totals.burdenFen', 0, 260_500],
        ['totals.aboveDeductibleFen', 0, 870_000],
        ['totals.costInFen', 0, 1_000_000],
      ],
    )
    assert.deepEqual(JSON.parse((await ask(service, {})).text).changes, null)
    await service.close()
  })

  test('takes no pre-settlement that it did not make, and is for services alone', async () => {
    const service = await withPack()
    await service.submit(submittedWith({ lines }))
    for (const values of ['no json', '[]', '{"status":"active"}', '{"packHash":"a","more":1}']) {
      const presettlement = Buffer.from(values).toString('base64url')
      const reply = await ask(service, {}, { presettlement })
      assert.deepEqual([reply.status, reply.get('field')], [400, 'presettlement'], values)
    }
    const agency = await service.call('POST', pathOf('1'), { body: { claim: 'AA' }, as: AGENCY })
    assert.equal(agency.kind, 'not-allowed')
    await service.close()
  })
})
