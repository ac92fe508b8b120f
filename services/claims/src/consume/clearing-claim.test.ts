import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ClaimSubmitted, PackPublished } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { recorded, toStore } from '@tongchou/runtime/service/recorded.ts'
import { PACK } from '../app.ts'
import { packIdOf } from '../pack/pack-id.ts'
import { submissionOf } from '../pack/submission.ts'
import { claimIdFor, PERSON, submittedWith } from '../testing/claims.ts'
import { beijingPack, demoPersonId, eventMessage } from '../testing/demo.ts'
import { createTestClaims, type TestClaims } from '../testing/service.ts'
import { CREDIT_GROUP } from './account-credit.ts'
import { ADJUDICATE_GROUP } from './clearing-claim.ts'

async function publish({ store }: TestClaims, data: PackPublished): Promise<void> {
  const packs = new CommandHandler(store, PACK)
  const command = { type: 'PublishPack', data, meta: fixedMeta(data.packHash) } as const
  await packs.handle(packs.streamOf(packIdOf(data.packHash)), command)
}

async function withPack(): Promise<TestClaims> {
  const service = await createTestClaims()
  await publish(service, beijingPack())
  return service
}

async function adjudications({ events }: TestClaims) {
  return (await events()).flatMap(event => (event.type === 'ClaimAdjudicated' ? [event.data] : []))
}

/** Hands the batch until it is stored, as the log does; a batch may be tried again once. */
async function submitAgain(service: TestClaims, ...claims: readonly ClaimSubmitted[]) {
  await assert.rejects(service.submit(...claims), { name: 'Fault', code: 'unavailable' })
  await new Promise(setImmediate)
  await service.submit(...claims)
}

describe('claims that come in one batch', () => {
  test('two of one person see each other, in their order', async () => {
    const service = await withPack()
    await service.submit(submittedWith(), submittedWith({ claimId: claimIdFor('2') }))
    const [first, second] = await adjudications(service)
    assert.deepEqual([first?.deductibleFen, second?.deductibleFen], [130_000n, 65_000n])
    await service.close()
  })

  test('a withdrawal in the batch frees what the claim took before the next one', async () => {
    const service = await withPack()
    const withdrawn = { claimId: claimIdFor('1'), personId: PERSON, reason: 'typed wrongly' }
    await service.log.hand(ADJUDICATE_GROUP, [
      eventMessage({ type: 'ClaimSubmitted', data: submittedWith() }, 1),
      eventMessage({ type: 'ClaimWithdrawn', data: withdrawn }, 2),
      eventMessage(
        { type: 'ClaimSubmitted', data: submittedWith({ claimId: claimIdFor('2') }) },
        3,
      ),
    ])
    const [, second] = await adjudications(service)
    assert.equal(second?.deductibleFen, 130_000n)
    await service.close()
  })

  test('the same batch again stores nothing', async () => {
    const service = await withPack()
    const claims = [submittedWith(), submittedWith({ claimId: claimIdFor('2') })]
    await service.submit(...claims)
    const before = (await service.events()).length
    await service.submit(...claims)
    assert.equal((await service.events()).length, before)
    await service.close()
  })

  test('credits are in the account before the claim that follows', async () => {
    const service = await withPack()
    const place = { personId: PERSON, regionCode: '110100', scheme: 'employee' } as const
    const money = { creditNo: 'C1', kind: 'monthly', amountFen: fen(700) } as const
    const data = { ...place, ...money, creditedOn: businessDate('2025-01-01') }
    await service.log.hand(CREDIT_GROUP, [eventMessage({ type: 'AccountCredited', data }, 1)])
    await service.submit(submittedWith({ useAccount: true }))
    const [claim] = await adjudications(service)
    assert.equal(claim?.accountFen, 700n)
    await service.close()
  })
})

describe('a claim that no pack computes', () => {
  const elsewhere = submittedWith({
    claimId: claimIdFor('elsewhere'),
    personId: demoPersonId('elsewhere'),
    insuredRegion: '999900',
  })

  test('is parked with region, scheme and day, and others go on', async () => {
    const service = await withPack()
    await submitAgain(service, elsewhere, submittedWith())
    const [parked] = await service.store.progress.parked({ group: ADJUDICATE_GROUP })
    assert.equal(parked?.key, elsewhere.personId)
    assert.equal(
      parked?.reason,
      'NoPolicy: no pack in force: region 999900, scheme employee, 2025-03-01',
    )
    assert.deepEqual(
      (await adjudications(service)).map(({ claimId }) => claimId),
      [claimIdFor('1')],
    )
    assert.match(service.lines.join(''), /"event":"key.parked"/)
    await service.close()
  })

  test('is adjudicated when it is replayed after the pack was published', async () => {
    const service = await withPack()
    await submitAgain(service, elsewhere)
    const pack = { ...JSON.parse(beijingPack().pack), region: '999900' }
    const submission = submissionOf(pack)
    assert(submission.ok)
    await publish(service, submission.data)
    const rows = await service.store.progress.parked({ group: ADJUDICATE_GROUP })
    const { incarnation } = service.store
    const messages = rows.map(({ event }) => ({ ...event, topic: TOPICS.claim.name, incarnation }))
    await service.log.hand(ADJUDICATE_GROUP, messages, { replay: rows })
    const [claim] = await adjudications(service)
    assert.equal(claim?.packHash, submission.data.packHash)
    await service.close()
  })

  test('a batch waits for packs that were published before it, and parks nothing', async () => {
    const service = await createTestClaims()
    service.log.broadcastTo = 0n
    await publish(service, beijingPack())
    await assert.rejects(service.submit(submittedWith()), { code: 'unavailable' })
    await assert.rejects(service.submit(submittedWith()), { code: 'unavailable' })
    service.log.broadcastTo = null
    await service.log.follow()
    await service.submit(submittedWith())
    assert.equal((await adjudications(service)).length, 1)
    assert.deepEqual(await service.store.progress.parked({}), [])
    await service.close()
  })

  test('is parked with the place in the pack that would have to say it', async () => {
    const service = await withPack()
    const strange = submittedWith({ status: 'unheardOf' })
    await service.submit(strange)
    const [parked] = await service.store.progress.parked({ group: ADJUDICATE_GROUP })
    assert.match(
      parked?.reason ?? '',
      /^NoPolicy: region 110100, scheme employee, 2025-03-01: unknown at inpatient\.\w+/,
    )
    await service.close()
  })
})

test('a pack with a later activation is used for claims whose end date reaches it', async () => {
  const service = await withPack()
  const old = JSON.parse(beijingPack().pack)
  const later = submissionOf({ ...old, effectiveFrom: '2025-04-01' })
  assert(later.ok)
  await publish(service, later.data)
  const stay = (name: string, end: string) =>
    submittedWith({ claimId: claimIdFor(name), endOn: businessDate(end) })
  await service.submit(stay('before', '2025-03-31'), stay('after', '2025-04-01'))
  const hashes = (await adjudications(service)).map(({ packHash }) => packHash)
  assert.deepEqual(hashes, [beijingPack().packHash, later.data.packHash])
  await service.close()
})

test('a claim written by newer code stops the partition and parks nothing', async () => {
  const service = await withPack()
  const event = toStore(
    { type: 'ClaimSubmitted', data: submittedWith() },
    fixedMeta(),
    0,
    PERSON,
    false,
  )
  const data = Buffer.from(event.data)
  data.writeUInt32LE(7, 2)
  const message = { ...eventMessage({ type: 'ClaimSubmitted', data: submittedWith() }, 1), data }
  await assert.rejects(service.log.hand(ADJUDICATE_GROUP, [message]), { code: 'newer-schema' })
  assert.throws(() => recorded(message), { code: 'newer-schema' })
  await service.close()
})
