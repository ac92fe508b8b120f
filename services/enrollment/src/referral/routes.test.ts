import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestService } from '@tongchou/runtime/testing/service.ts'
import { enrollment } from '../app.ts'
import { agency, elsewhere, person } from '../testing/person.ts'

const hospital = { role: 'hospital', institution: 'H11010000001' } as const
const APPROVAL = { certificateNo: 'Z1', approvedOn: '2025-01-10' }

function referral(change: object = {}) {
  return {
    referralNo: 'T1',
    requestedBy: hospital.institution,
    treatmentRegion: '120100',
    reason: 'specialistNeeded',
    disease: 'C34.9',
    validFrom: '2025-01-10',
    validTo: '2025-03-10',
    ...change,
  }
}

async function withPersons() {
  const service = await createTestService(enrollment)
  await service.importLines('/v1/persons:import', [person('1'), person('2')], agency)
  const post = (path: string, body: object, as: object = agency) =>
    service.call('POST', `/v1/persons/${path}`, { body, as })
  const ask = (change: object = {}, as: object = agency, personNo = '1') =>
    post(`${personNo}/referrals`, referral(change), as)
  const approve = (change: object = {}, as: object = agency, personNo = '1') =>
    post(`${personNo}/referrals/T1/approval`, { ...APPROVAL, ...change }, as)
  const back = (returnedOn: string, as: object = agency) =>
    post('1/referrals/T1/return', { returnedOn }, as)
  const events = async () => (await service.eventTypes()).slice(2)
  return { service, ask, approve, back, events }
}

/** @source P01-R47, capabilities CL-23 */
test('a referral is asked for, approved with its filing, and returned; each once', async () => {
  const { service, ask, approve, back, events } = await withPersons()
  for (const step of [ask, approve, () => back('2025-02-01')]) {
    for (const _ of ['first', 'again']) {
      const reply = await step()
      assert.equal(reply.status, 200, reply.text)
      assert.equal(reply.get('referralNo'), 'T1')
    }
  }
  assert.deepEqual(await events(), [
    ...['ReferralRequested', 'FilingNumberTaken', 'ReferralApproved', 'FilingMade'],
    ...['ReferralReturned', 'FilingCancelled'],
  ])
  const read = await service.call('GET', '/v1/persons/1', { as: agency })
  const told = { ...APPROVAL, returnedOn: '2025-02-01' }
  assert.deepEqual(read.get('referrals'), [{ ...referral(), ...told }])
  const filing = await service.call('GET', '/v1/filings/T1', { as: agency })
  assert.deepEqual(
    [filing.get('kind'), filing.get('filedOn'), filing.get('cancelledOn')],
    ['referral', '2025-01-10', '2025-02-01'],
  )
})

test('one without reason or disease cannot be approved until they are sent', async () => {
  const { ask, approve, events } = await withPersons()
  const missing = async (change: object) => {
    await ask(change)
    const reply = await approve()
    assert.deepEqual([reply.status, reply.kind], [422, 'referral-incomplete'])
    return reply.get('missing')
  }
  assert.deepEqual(await missing({ reason: null, disease: null }), ['reason', 'disease'])
  assert.deepEqual(await missing({ disease: null }), ['disease'])
  assert.deepEqual(await missing({ reason: null }), ['reason'])
  assert.equal((await events()).includes('FilingNumberTaken'), false)
  await ask()
  assert.equal((await approve()).status, 200)
})

test('each rule that is broken has its refusal', async () => {
  const { ask, approve, back } = await withPersons()
  const refused = [
    [await ask({ validTo: '2025-01-09' }), 422, 'period-reversed'],
    [await ask({ treatmentRegion: '110100' }), 422, 'filing-for-own-region'],
    [await ask({ reason: 'because' }), 400, 'malformed'],
    [await ask({}, elsewhere), 403, 'other-region'],
    [await ask({}, { role: 'auditor' }), 403, 'not-allowed'],
    [await ask({}, hospital), 403, 'not-allowed'],
    [await ask({}, agency, '9'), 404, 'unknown-person'],
    [await approve(), 404, 'unknown-referral'],
    [await back('2025-02-01'), 404, 'unknown-referral'],
  ] as const
  await ask()
  const later = [
    [await approve({}, hospital), 403, 'not-allowed'],
    [await approve({}, elsewhere), 403, 'other-region'],
    [await approve({ approvedOn: '2098-01-01' }), 422, 'date-in-the-future'],
    [await back('2025-02-01'), 409, 'referral-not-approved'],
    [await approve(), 200, undefined],
    [await approve({ certificateNo: 'Z2' }), 409, 'referral-already-approved'],
    [await ask({ disease: 'C50' }), 409, 'referral-number-reused'],
    [await back('2025-01-09'), 422, 'cancelled-before-filed'],
    [await back('2025-02-01', elsewhere), 403, 'other-region'],
    [await back('2025-02-01'), 200, undefined],
    [await back('2025-02-02'), 409, 'filing-already-cancelled'],
  ] as const
  for (const [reply, status, kind] of [...refused, ...later]) {
    assert.deepEqual([reply.status, reply.kind], [status, kind], reply.text)
  }
})

test('a number that is another person’s filing is refused at approval', async () => {
  const { service, ask, approve } = await withPersons()
  const days = { filedOn: '2025-01-01', validFrom: '2025-01-01' }
  const filing = { filingNo: 'T1', personNo: '2', kind: 'temporary', treatmentRegion: '120100' }
  await service.call('POST', '/v1/filings', { body: { ...filing, ...days }, as: agency })
  await ask()
  assert.equal((await approve()).kind, 'filing-number-reused')
})
