import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accept } from '@tongchou/contracts/decision.ts'
import type { AccountCredited } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { MemoryStore } from '../event-store/memory.ts'
import type { Aggregate, Command } from './aggregate.ts'
import { CommandHandler } from './handle-command.ts'

type Credit = Command & { readonly type: 'Credit'; readonly data: AccountCredited }

const counted: Aggregate<Credit, number, 'AccountCredited', never> = {
  category: 'account',
  initialState: 0,
  decide: ({ data }) => accept({ type: 'AccountCredited', data }),
  evolve: state => state + 1,
  keyOf: ({ data }) => data.personId,
}

function credit(creditNo: string): Credit {
  const data: AccountCredited = {
    creditNo,
    personId: idFor<PersonId>('p'),
    regionCode: '110100',
    scheme: 'employee',
    kind: 'monthly',
    amountFen: fen(1n),
    creditedOn: businessDate('2025-01-01'),
  }
  return { type: 'Credit', data, meta: fixedMeta(creditNo) }
}

/** Reads are answered when told, with what they found when they were asked. */
class SlowStore extends MemoryStore {
  gate: Promise<void> = Promise.resolve()

  override async readStreams(...given: Parameters<MemoryStore['readStreams']>) {
    const { gate } = this
    const found = await super.readStreams(...given)
    await gate
    return found
  }
}

test('a read that ends before an append that was heard of is not remembered', async () => {
  const store = new SlowStore({})
  const [here, elsewhere] = [counted, counted].map(each => new CommandHandler(store, each))
  assert.ok(here !== undefined && elsewhere !== undefined)
  const stream = here.streamOf('1')
  await elsewhere.handle(stream, credit('a'))
  const { promise, resolve } = Promise.withResolvers<void>()
  store.gate = promise
  const early = here.load(stream)
  store.gate = Promise.resolve()
  await elsewhere.handle(stream, credit('b'))
  here.hear(stream, 2)
  resolve()
  assert.equal((await early).state, 1)
  assert.equal((await here.load(stream)).state, 2)
})
