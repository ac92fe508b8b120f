import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { TOPICS, type Topic } from '@tongchou/contracts/topics.ts'
import { MissingPacks } from './missing-pack.ts'

/** A claim log of 10 and a policy log of 5 messages, of which `handled` are on the shelf. */
function missing(handled: () => bigint): MissingPacks {
  const head = async ({ name }: Topic) => (name === TOPICS.claim.name ? 10n : 5n)
  return new MissingPacks({ log: { head }, shelf: { handled }, catchUpMs: 0 })
}

async function nameOf(packs: MissingPacks, position: bigint): Promise<string> {
  await new Promise(setImmediate)
  try {
    return packs.miss(position, 'none')
  } catch (cause) {
    return cause instanceof Error ? cause.name : ''
  }
}

describe('a claim without a pack', () => {
  test('is tried again until the policy log was read, and then has none', async () => {
    const packs = missing(() => 5n)
    assert.equal(await nameOf(packs, 10n), 'Fault')
    assert.equal(await nameOf(packs, 10n), 'NoPolicy')
  })

  test('is tried again for as long as the shelf is behind', async () => {
    let handled = 4n
    const packs = missing(() => handled)
    for (let times = 0; times < 3; times += 1) assert.equal(await nameOf(packs, 10n), 'Fault')
    await new Promise(setImmediate)
    handled = 5n
    assert.equal(await nameOf(packs, 10n), 'Fault')
    assert.equal(await nameOf(packs, 10n), 'NoPolicy')
  })

  test('that came after the last look is looked for again', async () => {
    const packs = missing(() => 5n)
    await nameOf(packs, 10n)
    assert.equal(await nameOf(packs, 11n), 'Fault')
    assert.equal(await nameOf(packs, 9n), 'NoPolicy')
  })

  test('is tried again when the log does not answer', async () => {
    const head = () => Promise.reject(new Error('down'))
    const packs = new MissingPacks({ log: { head }, shelf: { handled: () => 5n }, catchUpMs: 0 })
    for (let times = 0; times < 3; times += 1) assert.equal(await nameOf(packs, 1n), 'Fault')
  })
})
