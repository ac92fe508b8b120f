import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../service/fault.ts'
import { Batcher, type BatcherOptions } from './batcher.ts'

type Begun = { readonly atMs: number; readonly items: readonly number[] }

/** Doubles its items, and notes when each batch began and with what. */
function doubling(options: Partial<BatcherOptions<number, number>> = {}) {
  const begun: Begun[] = []
  const batcher = new Batcher<number, number>({
    ...{ maxBatch: 3, maxInFlight: 2, maxQueue: 10 },
    run: async items => {
      begun.push({ atMs: performance.now(), items })
      return items.map(item => item * 2)
    },
    ...options,
  })
  return { batcher, begun, sizes: () => begun.map(({ items }) => items.length) }
}

const submitAll = (batcher: Batcher<number, number>, items: readonly number[]) =>
  Promise.all(items.map(item => batcher.submit(item)))

describe('what is submitted at the same time', () => {
  it('is one batch, answered in order', async () => {
    const { batcher, sizes } = doubling()
    assert.deepEqual(await submitAll(batcher, [1, 2, 3]), [2, 4, 6])
    assert.deepEqual(sizes(), [3])
  })
  it('is several batches when it is more than one holds', async () => {
    const { batcher, sizes } = doubling({ maxInFlight: 1 })
    assert.deepEqual(await submitAll(batcher, [1, 2, 3, 4, 5, 6, 7]), [2, 4, 6, 8, 10, 12, 14])
    assert.deepEqual(sizes(), [3, 3, 1])
  })
  it('is refused beyond the queue', async () => {
    const { batcher } = doubling({ maxQueue: 2 })
    const answers = [1, 2, 3].map(item => batcher.submit(item))
    await assert.rejects(answers[2] ?? Promise.resolve(), (fault: Fault) => {
      return fault.code === 'overloaded'
    })
    assert.deepEqual(await Promise.all(answers.slice(0, 2)), [2, 4])
  })
})

describe('a batch that fails', () => {
  it('fails each of its items, and the next one runs', async () => {
    let failures = 1
    const { batcher } = doubling({
      run: async items => {
        if (failures-- > 0) throw new Fault('unavailable', 'away')
        return [...items]
      },
    })
    const first = await Promise.allSettled([batcher.submit(1), batcher.submit(2)])
    assert.deepEqual(
      first.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.equal(await batcher.submit(3), 3)
  })
  it('is one that leaves an item without an answer', async () => {
    const { batcher } = doubling({ run: async () => [1] })
    const answered = batcher.submit(1)
    await assert.rejects(batcher.submit(2), /answers every item/)
    assert.equal(await answered, 1)
  })
})

describe('spacing', () => {
  const SPACING_MS = 60

  it('lets the first batch begin at once', async () => {
    const { batcher } = doubling({ spacingMs: 5000 })
    assert.equal(await batcher.submit(1), 2)
  })
  it('gathers what arrives before its time, although nothing is under way', async () => {
    const { batcher, begun, sizes } = doubling({ spacingMs: SPACING_MS })
    await batcher.submit(1)
    const second = batcher.submit(2)
    await sleep(SPACING_MS / 4)
    await Promise.all([second, batcher.submit(3)])
    assert.deepEqual(sizes(), [1, 2])
    const [one, two] = begun
    assert.ok((two?.atMs ?? 0) - (one?.atMs ?? 0) >= SPACING_MS - 2)
  })
  it('does not hold a full batch back', async () => {
    const { batcher, begun, sizes } = doubling({ spacingMs: 2000 })
    await batcher.submit(1)
    assert.deepEqual(await submitAll(batcher, [2, 3, 4]), [4, 6, 8])
    assert.deepEqual(sizes(), [1, 3])
    assert.ok((begun[1]?.atMs ?? 0) - (begun[0]?.atMs ?? 0) < 1000)
  })
  it('begins no more than may be under way', async () => {
    let [underWay, most] = [0, 0]
    const { batcher } = doubling({
      ...{ maxInFlight: 2, spacingMs: 1, maxQueue: 100 },
      run: async items => {
        underWay += 1
        most = Math.max(most, underWay)
        await sleep(5)
        underWay -= 1
        return items.map(item => item * 2)
      },
    })
    const items = Array.from({ length: 20 }, (_, item) => item)
    assert.deepEqual(
      await submitAll(batcher, items),
      items.map(item => item * 2),
    )
    assert.equal(most, 2)
  })
})
