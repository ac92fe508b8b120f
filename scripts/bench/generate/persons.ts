/**
 * Generated persons, each a function of the seed and its number, so that claims are made for any of
 * them without keeping them all. Shares by scheme and status are those of the demo set.
 */
import { seeded, seedOf } from './random.ts'

/** Raise when what is generated changes: prepared data folders are then made anew. */
export const GENERATOR_VERSION = 1

/** The hot fund: this region insures 40 % of all persons. */
export const HOT_REGION = '310100'
export const HOT_PERCENT = 40

/** Of the persons; a filing is for one region and open-ended. */
export const FILING_PERCENT = 30

export type BenchPerson = {
  readonly personNo: string
  readonly idNumber: string
  readonly name: string
  readonly sex: 'M' | 'F'
  readonly bornOn: string
  readonly regionCode: string
  readonly scheme: 'employee' | 'resident'
  readonly status: string
  readonly coveredFrom: string
  readonly coveredTo: null
  readonly accountBalanceFen: number
  readonly lastYearWageFen: number | null
}

const FAMILY = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平'

type Group = {
  readonly share: number
  readonly scheme: BenchPerson['scheme']
  readonly status: string
  readonly born: readonly [number, number]
}

const GROUPS: readonly Group[] = [
  { share: 40, scheme: 'employee', status: 'active', born: [1966, 2000] },
  { share: 14, scheme: 'employee', status: 'retired', born: [1935, 1960] },
  { share: 23, scheme: 'resident', status: 'adult', born: [1950, 2000] },
  { share: 23, scheme: 'resident', status: 'child', born: [2010, 2022] },
]

/** The `index`-th person, from 0 on. */
export function personOf(seed: number, index: number, regions: readonly string[]): BenchPerson {
  const random = seeded(seedOf(seed, index))
  const others = regions.filter(region => region !== HOT_REGION)
  const regionCode = random.chance(HOT_PERCENT) ? HOT_REGION : random.pick(others)
  const { scheme, status, born } = groupOf(random.below(100))
  const [month, day] = [random.between(1, 12), random.between(1, 28)]
  const bornOn = `${random.between(...born)}-${two(month)}-${two(day)}`
  const serial = String(index).padStart(9, '0')
  const employee = scheme === 'employee'
  return {
    personNo: `${regionCode}9${serial}`,
    idNumber: `${regionCode}${bornOn.replaceAll('-', '')}${serial.slice(-4)}`,
    name: random.pick([...FAMILY]) + random.pick([...GIVEN]),
    sex: random.chance(50) ? 'M' : 'F',
    bornOn,
    regionCode,
    scheme,
    status,
    coveredFrom: '2022-01-01',
    coveredTo: null,
    accountBalanceFen: employee ? random.between(20_000, 500_000) : 0,
    lastYearWageFen: status === 'active' ? random.between(4_000_000, 30_000_000) : null,
  }
}

function groupOf(percent: number): Group {
  let upTo = 0
  for (const group of GROUPS) {
    upTo += group.share
    if (percent < upTo) return group
  }
  throw new RangeError('the shares of the groups add up to 100')
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

const FILING_KINDS = ['longTermResidence', 'temporary', 'referral'] as const

export type BenchFiling = {
  readonly filingNo: string
  readonly personNo: string
  readonly kind: (typeof FILING_KINDS)[number]
  readonly treatmentRegion: string
  readonly filedOn: string
  readonly validFrom: string
  readonly validTo: null
}

/** The filing of the `index`-th person; undefined when it has none. */
export function filingOf(
  seed: number,
  index: number,
  regions: readonly string[],
): BenchFiling | undefined {
  const random = seeded(seedOf(seed + 1, index))
  if (!random.chance(FILING_PERCENT)) return undefined
  const { personNo, regionCode } = personOf(seed, index, regions)
  return {
    filingNo: `BF${String(index).padStart(9, '0')}`,
    personNo,
    kind: random.pick(FILING_KINDS),
    treatmentRegion: random.pick(regions.filter(region => region !== regionCode)),
    filedOn: '2025-01-02',
    validFrom: '2025-01-02',
    validTo: null,
  }
}
