/**
 * Claims that are settled: valid against catalogue, agreements and coverage, no stay overlaps, no
 * bill comes twice. 42 % are of another region than the person's; heavy users have more of them
 * than others.
 */
import { type Kind, kindOf, linesOf } from './items.ts'
import { type BenchPerson, personOf } from './persons.ts'
import { type Random, seeded, seedOf } from './random.ts'
import { FIRST_DAY, type Institution, type Region, regionCodes } from './reference.ts'

const CROSS_PERCENT = 42
/** A twentieth of the persons makes 30 % of the claims, beside its share of the rest. */
const HEAVY_CLAIMS_PERCENT = 30
const HEAVY_PERSONS = 20

/** Visits of a person lie on days of their own: a step that meets all of them before any twice. */
const DAYS = 300
const STEP = 37
/** Stays of a person begin this far apart and are shorter. */
const STAY_DAYS = 9
const STAYS_MAX = Math.floor(DAYS / STAY_DAYS)
const DAY_MS = 86_400_000

export type BenchClaim = {
  readonly institutionCode: string
  readonly crossRegion: boolean
  readonly kind: Kind
  readonly lines: number
  /** JSON as a hospital sends it, without a newline. */
  readonly body: Buffer
}

export type ClaimOptions = {
  readonly seed: number
  readonly persons: number
  readonly regions: readonly Region[]
}

/** One source for a whole run: claim numbers go on, so no two parts send the same claim. */
export class ClaimSource {
  readonly #options: ClaimOptions
  readonly #random: Random
  readonly #codes: readonly string[]
  readonly #byCode: ReadonlyMap<string, Region>
  readonly #visits = new Map<number, number>()
  readonly #stays = new Map<number, number>()
  #made = 0

  constructor(options: ClaimOptions) {
    this.#options = options
    this.#random = seeded(options.seed + 2)
    this.#codes = regionCodes(options.regions)
    this.#byCode = new Map(options.regions.map(region => [region.regionCode, region]))
  }

  /** `lines` for every claim, or as many as such claims have. */
  take(count: number, lines: number | null = null): BenchClaim[] {
    return Array.from({ length: count }, () => this.#next(lines))
  }

  #next(count: number | null): BenchClaim {
    const random = this.#random
    const index = this.#person()
    const person = personOf(this.#options.seed, index, this.#codes)
    const { kind, beginOn, endOn } = this.#days(index, kindOf(random))
    const crossRegion = random.chance(CROSS_PERCENT)
    const region = this.#region(person, crossRegion)
    const institution = random.pick(kind === 'pharmacy' ? region.pharmacies : region.hospitals)
    const lines = linesOf(random, region, { kind, on: endOn, count })
    this.#made += 1
    const claim = {
      claimNo: `B${String(this.#made).padStart(9, '0')}`,
      institutionCode: institution.institutionCode,
      personNo: person.personNo,
      kind,
      ...(kind === 'inpatient'
        ? { admittedOn: beginOn, dischargedOn: endOn }
        : { visitedOn: endOn }),
      emergency: random.chance(kind === 'inpatient' ? 17 : 6),
      ...this.#treatment(institution),
      useAccount: random.chance(70),
      lines,
      totalFen: lines.reduce((total, { amountFen }) => total + amountFen, 0),
    }
    const { institutionCode } = institution
    const body = Buffer.from(JSON.stringify(claim))
    return { institutionCode, crossRegion, kind, lines: lines.length, body }
  }

  #person(): number {
    const { persons } = this.#options
    const heavy = this.#random.chance(HEAVY_CLAIMS_PERCENT)
    return this.#random.below(heavy ? Math.ceil(persons / HEAVY_PERSONS) : persons)
  }

  #region({ regionCode }: BenchPerson, crossRegion: boolean): Region {
    const code = crossRegion
      ? this.#random.pick(this.#codes.filter(other => other !== regionCode))
      : regionCode
    const region = this.#byCode.get(code)
    if (region === undefined) throw new RangeError(`no region ${code}`)
    return region
  }

  /**
   * Throws RangeError when a person has used up the days: more persons are needed for so many
   * claims.
   */
  #days(index: number, wanted: Kind): { kind: Kind; beginOn: string; endOn: string } {
    const stays = this.#stays.get(index) ?? 0
    if (wanted === 'inpatient' && stays < STAYS_MAX) {
      this.#stays.set(index, stays + 1)
      const begin = stays * STAY_DAYS
      const end = begin + this.#random.between(1, STAY_DAYS - 1)
      return { kind: wanted, beginOn: dayOf(begin), endOn: dayOf(end) }
    }
    const visits = this.#visits.get(index) ?? 0
    if (visits >= DAYS) throw new RangeError('too many claims for so few persons')
    this.#visits.set(index, visits + 1)
    const on = dayOf((seedOf(3, index) + visits * STEP) % DAYS)
    return { kind: wanted === 'inpatient' ? 'outpatient' : wanted, beginOn: on, endOn: on }
  }

  #treatment({ doctors }: Institution): { doctorCode: string | null; diagnoses: string[] } {
    const doctorCode = doctors.length === 0 ? null : this.#random.pick(doctors)
    return { doctorCode, diagnoses: [this.#random.pick(DIAGNOSES)] }
  }
}

const DIAGNOSES = ['I10.x00', 'J44.100', 'K29.500', 'E11.900', 'L30.900', 'I25.100', 'N18.900']

const FIRST_MS = Date.parse(FIRST_DAY)

function dayOf(offset: number): string {
  return new Date(FIRST_MS + offset * DAY_MS).toISOString().slice(0, 10)
}
