import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueItem } from '@tongchou/contracts/events.generated.ts'
import { fen } from '@tongchou/contracts/money.ts'
import { rowOn } from '@tongchou/contracts/reference/catalogues.ts'
import { fixedMeta } from '@tongchou/contracts/testing/fixed.ts'
import { catalogueRow as row } from '@tongchou/contracts/testing/reference.ts'
import { addDays, businessDate, within } from '@tongchou/contracts/time.ts'
import fc from 'fast-check'
import type { ListCatalogueItems } from './commands.ts'
import type { CatalogueState, RowRefusal } from './decide.ts'
import { catalogueAggregate, decide, evolve } from './decide.ts'

const day = businessDate

function listing(...items: readonly CatalogueItem[]): ListCatalogueItems {
  return { type: 'ListCatalogueItems', data: { regionCode: '110100', items }, meta: fixedMeta() }
}
function run(state: CatalogueState, command: ListCatalogueItems): CatalogueState {
  const decision = decide(command, state)
  assert.ok(
    decision.accepted,
    JSON.stringify(decision, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
  )
  return decision.events.reduce(evolve, state)
}
function after(...items: readonly CatalogueItem[]): CatalogueState {
  return items.reduce((state, item) => run(state, listing(item)), catalogueAggregate.initialState)
}
function eventsOf(state: CatalogueState, command: ListCatalogueItems) {
  const decision = decide(command, state)
  return decision.accepted ? decision.events : decision.refusal
}

test('rows that stand there already are left out, and alone record nothing', () => {
  const state = after(row())
  assert.deepEqual(eventsOf(state, listing(row(), row())), [])
  const next = row({ validFrom: day('2025-01-01'), validTo: null })
  assert.deepEqual(eventsOf(state, listing(row(), next)), [
    { type: 'CatalogueListed', data: { regionCode: '110100', items: [next] } },
  ])
})

test('a row is closed by an earlier last day, then a new one may follow', () => {
  const open = row({ validTo: null })
  const follows = row({ validFrom: day('2025-01-01'), validTo: null, unitPriceFen: fen(900) })
  const state = run(after(open), listing(row(), follows))
  const rows = state.get('A') ?? []
  assert.equal(rowOn(rows, day('2024-12-31'))?.unitPriceFen, 1000n)
  assert.equal(rowOn(rows, day('2025-01-01'))?.unitPriceFen, 900n)
})

test('rows of one command are judged against each other', () => {
  const overlapping = row({ validFrom: day('2024-06-01'), validTo: null })
  const refusal = eventsOf(new Map(), listing(row(), overlapping, row({ itemCode: 'B' })))
  assert.deepEqual(refusal, {
    kind: 'rows-refused',
    rows: [
      {
        index: 1,
        refusal: {
          kind: 'item-overlaps',
          itemCode: 'A',
          validFrom: day('2024-01-01'),
          validTo: day('2024-12-31'),
        },
      },
    ],
  })
})

const stands = { itemCode: 'A', validFrom: day('2024-01-01') }
const ROWS: readonly [string, CatalogueItem, RowRefusal][] = [
  [
    'a row that ends before it begins',
    row({ itemCode: 'B', validTo: day('2023-12-31') }),
    {
      kind: 'period-reversed',
      itemCode: 'B',
      field: 'validTo',
      from: day('2024-01-01'),
      to: day('2023-12-31'),
    },
  ],
  [
    'a price beyond 100 million yuan',
    row({ itemCode: 'B', unitPriceFen: fen(10_000_000_001n) }),
    {
      kind: 'price-out-of-bounds',
      itemCode: 'B',
      field: 'unitPriceFen',
      maximumFen: fen(10n ** 10n),
    },
  ],
  [
    'a price limit below nothing',
    row({ itemCode: 'B', priceLimitFen: fen(-1n) }),
    {
      kind: 'price-out-of-bounds',
      itemCode: 'B',
      field: 'priceLimitFen',
      maximumFen: fen(10n ** 10n),
    },
  ],
  [
    'a greatest age below the least',
    row({ itemCode: 'B', minAge: 18, maxAge: 17 }),
    { kind: 'ages-reversed', itemCode: 'B', field: 'maxAge' },
  ],
  [
    'another price for the same first day',
    row({ unitPriceFen: fen(999) }),
    { kind: 'item-listed-otherwise', ...stands, differs: ['unitPriceFen'] },
  ],
  [
    'a last day that is put off',
    row({ validTo: null }),
    { kind: 'item-listed-otherwise', ...stands, differs: ['validTo'] },
  ],
  [
    'a row closed with another price',
    row({ validTo: day('2024-06-30'), unitPriceFen: fen(999) }),
    { kind: 'item-listed-otherwise', ...stands, differs: ['unitPriceFen', 'validTo'] },
  ],
  [
    'a row that begins on the last day of another',
    row({ validFrom: day('2024-12-31'), validTo: null }),
    { kind: 'item-overlaps', ...stands, validTo: day('2024-12-31') },
  ],
  [
    'a row that ends on the first day of another',
    row({ validFrom: day('2023-01-01'), validTo: day('2024-01-01') }),
    { kind: 'item-overlaps', ...stands, validTo: day('2024-12-31') },
  ],
]

for (const [fact, item, refusal] of ROWS) {
  test(`${fact} is refused, naming the item: ${refusal.kind}`, () => {
    assert.deepEqual(eventsOf(after(row()), listing(item)), {
      kind: 'rows-refused',
      rows: [{ index: 0, refusal }],
    })
  })
}

test('law: of every day at most one row of an item is valid, whatever is sent', () => {
  const any = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.option(fc.integer({ min: 0, max: 30 })))
  fc.assert(
    fc.property(fc.array(any, { maxLength: 15 }), periods => {
      let state = catalogueAggregate.initialState
      for (const [start, length] of periods) {
        const validFrom = addDays(day('2025-01-01'), start)
        const validTo = length === null ? null : addDays(validFrom, length)
        const decision = decide(listing(row({ validFrom, validTo })), state)
        if (decision.accepted) state = decision.events.reduce(evolve, state)
      }
      const rows = state.get('A') ?? []
      for (let on = 0; on < 120; on++) {
        const date = addDays(day('2025-01-01'), on)
        const valid = rows.filter(({ validFrom, validTo }) => within(date, validFrom, validTo))
        assert.ok(valid.length <= 1)
      }
    }),
    { seed: 3, numRuns: 200 },
  )
})
