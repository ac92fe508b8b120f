/**
 * Every institution with its agreements, suspensions and codes, folded from the institution topic.
 */
import type { EventOf } from '../avro/codec.ts'
import { assert, unreachable } from '../decision.ts'
import type { InstitutionDesignated } from '../events.generated.ts'
import type { BusinessDate } from '../time.ts'
import { addDays, within } from '../time.ts'
import type { TOPICS } from '../topics.ts'
import type { EventOn } from './event.ts'

export type InstitutionEvent = EventOn<typeof TOPICS.institution>

/** Both days are inside. */
export type AgreementPeriod = { readonly from: BusinessDate; readonly to: BusinessDate }

/** Both days are inside; an absent end is open. */
export type Suspension = {
  readonly from: BusinessDate
  readonly to: BusinessDate | null
  readonly reason: string
}

export type Institution = {
  /** The first code: every claim id is derived from it, whatever code the claim came under. */
  readonly institutionCode: string
  readonly name: string
  readonly regionCode: string
  readonly type: InstitutionDesignated['type']
  /** Null for pharmacies. */
  readonly level: InstitutionDesignated['level']
  readonly network: readonly string[]
  readonly grade: string | null
  readonly doctors: readonly string[]
  /** By first day; they do not overlap. */
  readonly agreements: readonly AgreementPeriod[]
  /** By first day; they do not overlap. */
  readonly suspensions: readonly Suspension[]
}

/**
 * An event on an institution's own stream: all but renames, which stand on the stream of the new
 * code.
 */
export type InstitutionFact = Exclude<InstitutionEvent, EventOf<'InstitutionRenamed'>>

/** The institution after one more fact; `undefined` before it is designated. */
export function applyToInstitution(
  before: Institution | undefined,
  event: InstitutionFact,
): Institution {
  if (event.type === 'InstitutionDesignated') {
    assert(before === undefined, `${event.data.institutionCode} is designated twice`)
    return designated(event.data)
  }
  assert(before !== undefined, `${event.type} of ${event.data.institutionCode}, not designated`)
  switch (event.type) {
    case 'AgreementRenewed': {
      const { agreementFrom, agreementTo } = event.data
      return {
        ...before,
        agreements: byFirstDay([...before.agreements, { from: agreementFrom, to: agreementTo }]),
      }
    }
    case 'DoctorsRegistered':
      return { ...before, doctors: event.data.doctors }
    case 'InstitutionSuspended': {
      const { suspendedFrom, suspendedTo, reason } = event.data
      const suspension = { from: suspendedFrom, to: suspendedTo, reason }
      return { ...before, suspensions: byFirstDay([...before.suspensions, suspension]) }
    }
    case 'InstitutionReinstated':
      return { ...before, suspensions: reinstated(before.suspensions, event.data.reinstatedOn) }
    default:
      return unreachable(event)
  }
}

/** True when an agreement covers the day. */
export function agreementInForce(institution: Institution, on: BusinessDate): boolean {
  return institution.agreements.some(({ from, to }) => within(on, from, to))
}

/** The suspension that covers the day. */
export function suspendedOn(institution: Institution, on: BusinessDate): Suspension | undefined {
  return institution.suspensions.find(({ from, to }) => within(on, from, to))
}

export type Resolved = { readonly institution: Institution; readonly canonicalCode: string }

/** A rename of a rename of …: more links than this are a loop, which providers never records. */
const MAX_RENAMES = 64

/**
 * All institutions in memory. Institutions and renames may be applied in any order between streams,
 * as long as each stream keeps its own: a broker does not promise more.
 */
export class InstitutionBook {
  readonly #institutions = new Map<string, Institution>()
  readonly #formerCodes = new Map<string, string>()

  apply(event: InstitutionEvent): void {
    const { institutionCode } = event.data
    if (event.type === 'InstitutionRenamed') {
      this.#formerCodes.set(institutionCode, event.data.formerCode)
      return
    }
    const institution = applyToInstitution(this.#institutions.get(institutionCode), event)
    this.#institutions.set(institutionCode, institution)
  }

  /** The institution behind any of its codes; undefined when there is none. */
  resolve(code: string): Resolved | undefined {
    let canonicalCode = code
    for (let links = 0; links <= MAX_RENAMES; links++) {
      const former = this.#formerCodes.get(canonicalCode)
      if (former === undefined) {
        const institution = this.#institutions.get(canonicalCode)
        return institution === undefined ? undefined : { institution, canonicalCode }
      }
      canonicalCode = former
    }
    return undefined
  }

  get size(): number {
    return this.#institutions.size
  }
}

function designated(data: InstitutionDesignated): Institution {
  const { institutionCode, name, regionCode, type, level, network, grade, doctors } = data
  return {
    institutionCode,
    name,
    regionCode,
    type,
    level,
    network,
    grade,
    doctors,
    agreements: [{ from: data.agreementFrom, to: data.agreementTo }],
    suspensions: [],
  }
}

/** Ends the suspension that covers the day on the day before; one that began that day is void. */
function reinstated(
  suspensions: readonly Suspension[],
  reinstatedOn: BusinessDate,
): readonly Suspension[] {
  return suspensions.flatMap(suspension => {
    if (!within(reinstatedOn, suspension.from, suspension.to)) return [suspension]
    const ended = { ...suspension, to: addDays(reinstatedOn, -1) }
    return ended.to < ended.from ? [] : [ended]
  })
}

function byFirstDay<T extends { readonly from: BusinessDate }>(
  periods: readonly T[],
): readonly T[] {
  return periods.toSorted((a, b) => (a.from === b.from ? 0 : a.from < b.from ? -1 : 1))
}
