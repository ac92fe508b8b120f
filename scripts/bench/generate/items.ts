/** What stands on the bills of each kind of claim, in the shares of the demo set. */
import type { Random } from './random.ts'
import type { Item, Region } from './reference.ts'

export type Kind = 'inpatient' | 'outpatient' | 'chronic' | 'pharmacy'

/** 6 % inpatient, 24 % at pharmacies. */
export function kindOf(random: Random): Kind {
  const percent = random.below(100)
  if (percent < 6) return 'inpatient'
  if (percent < 10) return 'chronic'
  return percent < 34 ? 'pharmacy' : 'outpatient'
}

type Bill = {
  /** Lines of such a claim: least and most. */
  readonly lines: readonly [number, number]
  readonly first: readonly string[]
  readonly others: readonly string[]
  readonly quantity: readonly [number, number]
}

const TESTS = ['250101001', '250301001', '250302001', '310701001', '210102015', '210300001']
const DRUGS = ['XA02BC01', 'XA10BA02', 'XC08CA01', 'XC07AB02', 'XC10AA05', 'XJ01MA12', 'XM01AE01']
const MORE_DRUGS = ['XN02BE01', 'XR05CB06', 'ZA01BAL0101', 'XB01AC06', 'XA10BK01']

/** Lines of all claims are 3.6 in the mean. */
const BILLS: Readonly<Record<Kind, Bill>> = {
  outpatient: {
    lines: [2, 5],
    first: ['110200001', '110200003'],
    others: [...TESTS, ...DRUGS, ...MORE_DRUGS],
    quantity: [1, 3],
  },
  chronic: {
    lines: [2, 4],
    first: ['250301001', '250101001'],
    others: ['XL04AD02', 'XC10AA05', 'XA10AE04', '311000010', 'XB01AC04'],
    quantity: [1, 6],
  },
  inpatient: {
    lines: [10, 14],
    first: ['110400001'],
    others: [
      ...['110900001', '120100003', '121700001', '210200001', '220302001', '250306001'],
      ...['310702001', 'XB05BA03', 'XB05XA03', 'XJ01DD04', 'XB01AB05', 'XH02AB04', 'C0601'],
      ...['320500002', '340200020', 'C0401', ...TESTS],
    ],
    quantity: [1, 9],
  },
  pharmacy: {
    lines: [1, 3],
    first: ['XA02BC01', 'ZA01BAL0101', 'XN02BE01', 'ZC03AAR0301'],
    others: ['XM01AE01', 'XC08CA01', 'XA10BA02', 'TC0002'],
    quantity: [1, 3],
  },
}

export type Line = Item & {
  readonly quantity: number
  readonly amountFen: number
  readonly on: string
}

/** Prices lie within a tenth of the catalogue's. `count` lines, or as many as such a claim has. */
export function linesOf(
  random: Random,
  { items }: Region,
  claim: { readonly kind: Kind; readonly on: string; readonly count: number | null },
): Line[] {
  const { first, others, lines, quantity: quantities } = BILLS[claim.kind]
  const count = claim.count ?? random.between(...lines)
  return Array.from({ length: count }, (_, index) => {
    const item = known(items, random, index === 0 ? first : others)
    const unitPriceFen = Math.round((item.unitPriceFen * random.between(900, 1_100)) / 1_000)
    const quantity = random.between(...quantities)
    return { ...item, quantity, unitPriceFen, amountFen: quantity * unitPriceFen, on: claim.on }
  })
}

/** The draw falls on an item that the region's catalogue has. */
function known(items: Region['items'], random: Random, codes: readonly string[]): Item {
  const found = codes.flatMap(code => items.get(code) ?? [])
  return random.pick(found)
}
