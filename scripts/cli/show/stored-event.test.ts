import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { submittedWith } from '@tongchou/claims/testing/claims.ts'
import type { EventData, EventType } from '@tongchou/contracts/events.generated.ts'
import { uuid } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { businessDate, instant } from '@tongchou/contracts/time.ts'
import { MemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { appendOf, put } from '@tongchou/runtime/event-store/testing.ts'
import { toStore } from '@tongchou/runtime/service/recorded.ts'
import { jsonOf, storedEvent, textOf } from './stored-event.ts'

const id = uuid('00077b2c-2963-4dc1-a61c-17d0c6dc3348')
const meta = {
  commandId: id,
  correlationId: id,
  causationId: null,
  actor: 'hospital:H11010000001',
  now: instant('2026-01-01T00:00:00.123Z'),
}
const claim = submittedWith({
  sex: 'F',
  bornOn: businessDate('1987-06-05'),
  diagnoses: ['C50.900'],
  totalFen: fen(1_234_567),
})

async function storeOf<T extends EventType>(type: T, data: EventData[T]): Promise<MemoryStore> {
  const store = new MemoryStore({})
  await put(store, 'claim-a', [toStore({ type, data } as never, meta, 0, 'key', false)])
  return store
}

/** Text and JSON of the first event. */
async function shownOf<T extends EventType>(type: T, data: EventData[T]): Promise<string> {
  const event = await storedEvent(await storeOf(type, data), 1n)
  assert.ok(event !== undefined)
  return `${textOf(event)}\n${jsonOf(event)}`
}

describe('a stored event', () => {
  test('is shown with its place, its chain and its amounts in yuan and fen', async () => {
    const shown = await shownOf('ClaimSubmitted', claim)
    for (const text of [
      'stream: claim-a',
      'chain: follows from version 0',
      'totalFen: 12,345.67 yuan (1234567 fen)',
      '"totalFen": 1234567',
      `claimNo: ${claim.claimNo}`,
      'actor: hospital:H11010000001',
    ]) {
      assert.ok(shown.includes(text), text)
    }
  })

  test('tells nothing of who the person is or what ails them', async () => {
    const shown = await shownOf('ClaimSubmitted', claim)
    const [line] = claim.lines
    const secrets = ['1987-06-05', 'C50.900', line?.itemCode ?? '', line?.name ?? '']
    for (const text of secrets) assert.ok(!shown.includes(text), text)
    assert.match(shown, /sex: \(not shown\)/)
    const personal = Buffer.from('encrypted bytes of a person')
    const enrolled = await shownOf('PersonEnrolled', {
      personId: claim.personId,
      regionCode: '110100',
      scheme: 'employee',
      status: 'active',
      sex: 'F',
      bornOn: businessDate('1987-06-05'),
      coveredFrom: businessDate('2020-01-01'),
      coveredTo: null,
      premiumPaidOn: null,
      personal,
      personalDigest: personal,
    })
    for (const text of ['1987-06-05', personal.toString('hex')]) {
      assert.ok(!enrolled.includes(text), text)
    }
  })

  test('of no person is shown whole', async () => {
    const agreement = {
      institutionCode: 'H11010000001',
      agreementFrom: businessDate('2025-01-01'),
      agreementTo: businessDate('2025-12-31'),
    }
    const shown = await shownOf('AgreementRenewed', agreement)
    for (const text of Object.values(agreement)) assert.ok(shown.includes(text), text)
  })

  test('that is damaged is shown as far as it can be read', async () => {
    const event = toStore({ type: 'ClaimSubmitted', data: claim }, meta, 0, 'key', false)
    const damaged = { ...event, data: event.data.subarray(0, 40) }
    const store = new MemoryStore({})
    const { hashes } = appendOf('claim-a', [event])
    await store.append([{ ...appendOf('claim-a', [damaged]), hashes }])
    const shown = textOf((await storedEvent(store, 1n)) ?? {})
    assert.match(shown, /chain: DAMAGED: does not follow/)
    assert.match(shown, /unreadable: /)
  })

  test('is undefined where there is none', async () => {
    const store = await storeOf('ClaimSubmitted', claim)
    assert.equal(await storedEvent(store, 0n), undefined)
    assert.equal(await storedEvent(store, 2n), undefined)
  })
})
