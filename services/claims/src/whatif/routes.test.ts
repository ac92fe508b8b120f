import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { WhatIfJson } from '@tongchou/contracts/http/whatif.ts'
import type { Grant } from '@tongchou/runtime/auth/issuer.ts'
import { claimIdFor, submittedWith } from '../testing/claims.ts'
import { beijingPack } from '../testing/demo.ts'
import {
  AGENCY,
  AUDITOR,
  CENTRE,
  createTestClaims,
  OTHER_AGENCY,
  type TestClaims,
} from '../testing/service.ts'
import { WhatIfJobs } from './run/jobs.ts'

const pack = JSON.parse(beijingPack().pack)
const draft = { ...pack, effectiveFrom: '2098-01-01', inpatient: { ...pack.inpatient, capFen: 0 } }
const PERIOD = { from: '2025-01-01', to: '2025-12-31' }

async function withClaims(): Promise<TestClaims> {
  const service = await createTestClaims()
  await service.call('POST', '/v1/policies', { body: pack, as: AGENCY })
  await service.submit(submittedWith(), submittedWith({ claimId: claimIdFor('2') }))
  return service
}

function start(service: TestClaims, body: object, as: Partial<Grant> = AGENCY) {
  return service.call('POST', '/v1/what-ifs', { body: { pack: draft, ...PERIOD, ...body }, as })
}

/** Asks until the run is at its end. */
async function ended({ call }: TestClaims, whatIfId: unknown): Promise<WhatIfJson> {
  for (let asked = 0; asked < 1000; asked += 1) {
    const reply = await call('GET', `/v1/what-ifs/${whatIfId}`, { as: AGENCY })
    const answer: WhatIfJson = JSON.parse(reply.text)
    if (answer.state !== 'running') return answer
  }
  throw new Error('the run does not end')
}

describe('what-if runs over HTTP', () => {
  test('tell what the claims of the period would come to, and store nothing', async () => {
    const service = await withClaims()
    const before = (await service.events()).length
    const reply = await start(service, {})
    assert.equal(reply.status, 202, reply.text)
    const whatIfId = reply.get('whatIfId')
    const { state, scanned, position, upTo, report } = await ended(service, whatIfId)
    assert.deepEqual([state, scanned, position, upTo], ['done', 2, before, before])
    const [all] = report?.groups ?? []
    const pooled = all?.payers.find(({ payer }) => payer === 'employee.pooled')
    assert.deepEqual(pooled?.beforeFen, 739_500 + 794_750)
    assert.equal(pooled?.afterFen, 0)
    assert.equal((await service.events()).length, before)
    assert.match(service.lines.join(''), /"event":"what-if\.ended"/)
    await service.close()
  })

  test('asked for again are the same run, with the claims that came since', async () => {
    const service = await withClaims()
    const first = (await start(service, {})).get('whatIfId')
    assert.equal((await ended(service, first)).report?.claims, 2)
    await service.submit(submittedWith({ claimId: claimIdFor('3') }))
    assert.equal((await start(service, {})).get('whatIfId'), first)
    assert.equal((await ended(service, first)).report?.claims, 3)
    const other = (await start(service, { to: '2025-06-30' })).get('whatIfId')
    assert.notEqual(other, first)
    await service.close()
  })

  test('are one at a time, and stop when told', async t => {
    const service = await withClaims()
    const end = await service.store.head()
    const gate = Promise.withResolvers<typeof end>()
    const { mock } = t.mock.method(service.store, 'head', () => gate.promise)
    const first = await start(service, {})
    const second = await start(service, { to: '2025-06-30' })
    assert.deepEqual([second.status, second.kind], [409, 'what-if-running'])
    assert.equal(second.get('whatIfId'), first.get('whatIfId'))
    const path = `/v1/what-ifs/${first.get('whatIfId')}/stopping`
    const { stop } = WhatIfJobs.prototype
    t.mock.method(WhatIfJobs.prototype, 'stop', function (this: WhatIfJobs, whatIfId: string) {
      const stopping = stop.call(this, whatIfId)
      gate.resolve(end) // the run goes on only now
      return stopping
    })
    const stopped = await service.call('POST', path, { as: AGENCY })
    assert.deepEqual([stopped.get('state'), stopped.get('report')], ['stopped', null])
    mock.restore()
    assert.equal((await start(service, {})).get('whatIfId'), first.get('whatIfId'))
    assert.equal((await ended(service, first.get('whatIfId'))).state, 'done')
    await service.close()
  })

  test('are for the region of the draft and the centre', async () => {
    const service = await withClaims()
    const other = await start(service, {}, OTHER_AGENCY)
    assert.deepEqual([other.status, other.kind], [403, 'other-region'])
    assert.equal((await start(service, {}, AUDITOR)).kind, 'not-allowed')
    const whatIfId = (await start(service, {}, CENTRE)).get('whatIfId')
    for (const [method, path] of [
      ['GET', `/v1/what-ifs/${whatIfId}`],
      ['POST', `/v1/what-ifs/${whatIfId}/stopping`],
    ] as const) {
      assert.equal((await service.call(method, path, { as: OTHER_AGENCY })).kind, 'other-region')
      const unknown = path.replace(String(whatIfId), claimIdFor('unknown'))
      const reply = await service.call(method, unknown, { as: AGENCY })
      assert.deepEqual([reply.status, reply.kind], [404, 'unknown-what-if'])
    }
    await service.close()
  })

  test('refuse a draft or a period that is wrong, by field and rule', async () => {
    const service = await withClaims()
    const broken = await start(service, { pack: { ...draft, scheme: 'none' } })
    assert.deepEqual([broken.status, broken.kind], [400, 'pack-malformed'])
    assert.equal(broken.get('field'), 'scheme')
    const reversed = await start(service, { from: '2025-02-01', to: '2025-01-31' })
    assert.deepEqual([reversed.kind, reversed.get('field')], ['malformed', 'to'])
    const elsewhere = await start(service, { regionCode: '310100' })
    assert.deepEqual([elsewhere.kind, elsewhere.get('field')], ['malformed', 'regionCode'])
    await service.close()
  })
})
