import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import { accept, refuse } from '@tongchou/contracts/decision.ts'
import type { AccountCredited } from '@tongchou/contracts/events.generated.ts'
import type { PersonId } from '@tongchou/contracts/id.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { fixedMeta, idFor, NOW } from '@tongchou/contracts/testing/fixed.ts'
import { businessDate } from '@tongchou/contracts/time.ts'
import { TOPICS } from '@tongchou/contracts/topics.ts'
import { chain, EMPTY_HEAD } from '../event-store/chain.ts'
import { MemoryStore } from '../event-store/memory.ts'
import { openMemoryLog } from '../message-log/memory.ts'
import type { RunningSubscription } from '../message-log/port.ts'
import type { Aggregate } from './aggregate.ts'
import { consume } from './consume.ts'
import { CommandHandler } from './handle-command.ts'
import { type LogEntry, SILENT } from './logger.ts'
import type { Recorded } from './recorded.ts'
import { recorded, toStore } from './recorded.ts'

type Credit = {
  readonly type: 'Credit'
  readonly data: AccountCredited
  readonly meta: CommandMeta
}
type State = { readonly creditNos: readonly string[] }
type Refusal = { readonly kind: 'too-much' }

/** Takes a credit once; refuses 13 fen while `poisonous`, throws on 14. */
function aggregate(poisonous: () => boolean): Aggregate<Credit, State, 'AccountCredited', Refusal> {
  return {
    category: 'account',
    initialState: { creditNos: [] },
    decide: ({ data }, state) => {
      if (state.creditNos.includes(data.creditNo)) return accept()
      if (poisonous() && data.amountFen === 13n) return refuse({ kind: 'too-much' })
      if (poisonous() && data.amountFen === 14n) throw new Error('broken')
      return accept({ type: 'AccountCredited', data })
    },
    evolve: (state, { data }) => {
      assert.notEqual(data.creditNo, 'contradiction', 'no history has this')
      return { creditNos: [...state.creditNos, data.creditNo] }
    },
    keyOf: ({ data }) => data.personId,
  }
}

function credit(creditNo: string, person: string, amount: bigint): AccountCredited {
  return {
    creditNo,
    personId: idFor<PersonId>(person),
    regionCode: '110100',
    scheme: 'employee',
    kind: 'monthly',
    amountFen: fen(amount),
    creditedOn: businessDate('2025-01-01'),
  }
}

async function bed() {
  const producer = new MemoryStore({ incarnation: idFor('producer') })
  const consumer = new MemoryStore({ incarnation: idFor('consumer') })
  const log = openMemoryLog({ stores: new Map([['contributions', producer]]) })
  let poisonous = true
  const alerts: LogEntry[] = []
  const source = new CommandHandler(producer, { ...aggregate(() => false), category: 'credit' })
  const handler = new CommandHandler(
    consumer,
    aggregate(() => poisonous),
  )
  const running: RunningSubscription = await consume({
    group: 'test.credit',
    topic: TOPICS.accountCredit,
    log,
    store: consumer,
    handler,
    clock: () => NOW,
    logger: { ...SILENT, error: entry => void alerts.push(entry) },
    toCommands: (message, meta) => {
      const { data } = message as Recorded<'AccountCredited'>
      const command: Credit = { type: 'Credit', data, meta }
      return [{ stream: `account-${data.personId}`, command }]
    },
  })
  async function say(data: AccountCredited): Promise<void> {
    const command = { type: 'Credit', data, meta: fixedMeta(data.creditNo) } as const
    await source.handle(`credit-${idFor(data.creditNo)}`, command)
  }
  async function taken(): Promise<string[]> {
    const events = await consumer.readAll(0n, 1000)
    return events.map(event => (recorded(event) as Recorded<'AccountCredited'>).data.creditNo)
  }
  async function settled(): Promise<void> {
    while (running.handled() < (await producer.head()).position) await sleep(2)
  }
  /** Puts a fact into the consumer's own stream of a person, past its decider. */
  async function damage(person: string): Promise<void> {
    const stream = `account-${idFor(person)}`
    const data = credit('contradiction', person, 1n)
    const event = { type: 'AccountCredited', data } as const
    const events = [toStore(event, fixedMeta(person), 0, data.personId, false)]
    const hashes = chain(EMPTY_HEAD, stream, events)
    await consumer.append([{ stream, expected: EMPTY_HEAD, events, hashes }])
  }
  return {
    alerts,
    say,
    damage,
    taken,
    settled,
    parked: () => consumer.progress.parked({ group: 'test.credit' }),
    mend: () => {
      poisonous = false
    },
    replay: (person: string) => consumer.progress.requestReplay('test.credit', idFor(person)),
    close: () => log.close(),
  }
}

test('a message whose command is refused parks its key with the later messages; other keys go on', async t => {
  const { say, taken, settled, parked, alerts, close } = await bed()
  t.after(close)
  await say(credit('1', 'a', 13n))
  await say(credit('2', 'a', 1n))
  await say(credit('3', 'b', 1n))
  await settled()
  assert.deepEqual(await taken(), ['3'])
  const rows = await parked()
  assert.equal(rows.length, 2)
  assert.match(rows[0]?.reason ?? '', /refused: too-much/)
  assert.match(rows[1]?.reason ?? '', /behind a parked message/)
  const place = { event: 'key.parked', group: 'test.credit', topic: TOPICS.accountCredit.name }
  assert.deepEqual(
    alerts,
    rows.map(({ partition, position }) => {
      return { ...place, partition, position, eventType: 'AccountCredited' }
    }),
  )
})

test('a throw in a decider parks the key with the words of the error', async t => {
  const { say, settled, parked, close } = await bed()
  t.after(close)
  await say(credit('1', 'a', 14n))
  await settled()
  assert.match((await parked())[0]?.reason ?? '', /broken/)
})

test('a stream that cannot be folded parks its key; other keys of the batch go on', async t => {
  const { say, damage, taken, settled, parked, close } = await bed()
  t.after(close)
  await damage('a')
  await Promise.all([
    say(credit('1', 'b', 1n)),
    say(credit('2', 'a', 1n)),
    say(credit('3', 'a', 1n)),
    say(credit('4', 'c', 1n)),
  ])
  await settled()
  assert.deepEqual((await taken()).toSorted(), ['1', '4', 'contradiction'])
  const rows = await parked()
  assert.equal(rows.length, 2)
  assert.match(rows[0]?.reason ?? '', /^account-.*no history has this/)
})

test('a parked key is replayed in order, before newer messages of the key, and leaves no parked rows', async t => {
  const { say, taken, settled, parked, mend, replay, close } = await bed()
  t.after(close)
  await say(credit('1', 'a', 13n))
  await say(credit('2', 'a', 1n))
  await settled()
  mend()
  await say(credit('3', 'a', 1n))
  await settled()
  assert.deepEqual(await taken(), [])
  assert.equal(await replay('a'), 3)
  while ((await parked()).length > 0) await sleep(2)
  assert.deepEqual(await taken(), ['1', '2', '3'])
  await say(credit('4', 'a', 1n))
  await settled()
  assert.deepEqual(await taken(), ['1', '2', '3', '4'])
})

test('a replay that fails again stays parked and waits for another request', async t => {
  const { say, taken, settled, parked, mend, replay, close } = await bed()
  t.after(close)
  await say(credit('1', 'a', 13n))
  await settled()
  await replay('a')
  while ((await parked()).some(row => row.replay)) await sleep(2)
  assert.equal((await parked()).length, 1)
  mend()
  await replay('a')
  while ((await parked()).length > 0) await sleep(2)
  assert.deepEqual(await taken(), ['1'])
})
