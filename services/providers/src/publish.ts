/**
 * Institutions as everyone may know them: no doctors, no reasons. Each fact stands on the topic of
 * events, and as the rows that it makes or changes on the topic of state.
 */
import { unreachable } from '@tongchou/contracts/decision.ts'
import type {
  AgreementRenewed,
  InstitutionDesignated,
  InstitutionReinstated,
  InstitutionSuspended,
} from '@tongchou/contracts/events.generated.ts'
import { PUBLIC_TOPICS } from '@tongchou/contracts/public-topics.ts'
import type { InstitutionFact } from '@tongchou/contracts/reference/institutions.ts'
import { addDays } from '@tongchou/contracts/time.ts'
import { numbered, type Publisher, remove, type Said, say } from '@tongchou/runtime/public/port.ts'
import type { EventOf, Recorded } from '@tongchou/runtime/service/recorded.ts'

const { institution: FACTS, institutionState: ROWS } = PUBLIC_TOPICS

type Told =
  | Exclude<InstitutionFact, { readonly type: 'DoctorsRegistered' }>
  | EventOf<'InstitutionRenamed'>

const TOLD: ReadonlySet<string> = new Set<Told['type']>([
  'InstitutionDesignated',
  'AgreementRenewed',
  'InstitutionSuspended',
  'InstitutionReinstated',
  'InstitutionRenamed',
])

export const publish: Publisher = {
  events: TOLD as Publisher['events'],
  publicEvents: event => (isTold(event) ? numbered(event, saidOf(event)) : []),
}

function isTold(event: Recorded): event is Recorded & Told {
  return TOLD.has(event.type)
}

function saidOf(event: Told): readonly Said[] {
  switch (event.type) {
    case 'InstitutionDesignated':
      return designated(event.data)
    case 'AgreementRenewed':
      return renewed(event.data)
    case 'InstitutionSuspended':
      return suspended(event.data)
    case 'InstitutionReinstated':
      return reinstated(event.data)
    case 'InstitutionRenamed': {
      const { institutionCode, formerCode } = event.data
      const data = { institutionCode, formerCode }
      return [
        say(FACTS, 'InstitutionRenamed', { ...at(institutionCode), data }),
        say(ROWS, 'AliasState', { ...at(institutionCode, '/alias'), data }),
      ]
    }
    default:
      return unreachable(event)
  }
}

function at(institutionCode: string, row = '') {
  return { key: `${institutionCode}${row}`, subject: institutionCode, regions: null }
}

function designated(event: InstitutionDesignated): readonly Said[] {
  const { institutionCode, name, regionCode, type, level, network, grade } = event
  const { agreementFrom, agreementTo } = event
  const institution = { institutionCode, name, regionCode, type, level, network, grade }
  const agreement = { institutionCode, agreementFrom, agreementTo }
  return [
    say(FACTS, 'InstitutionDesignated', {
      ...at(institutionCode),
      data: { ...institution, agreementFrom, agreementTo },
    }),
    say(ROWS, 'InstitutionState', { ...at(institutionCode), data: institution }),
    agreementRow(agreement),
  ]
}

function renewed({ institutionCode, agreementFrom, agreementTo }: AgreementRenewed) {
  const data = { institutionCode, agreementFrom, agreementTo }
  return [say(FACTS, 'AgreementRenewed', { ...at(institutionCode), data }), agreementRow(data)]
}

function agreementRow(data: AgreementRenewed): Said {
  const { institutionCode, agreementFrom } = data
  return say(ROWS, 'AgreementState', {
    ...at(institutionCode, `/agreement/${agreementFrom}`),
    data,
  })
}

function suspended({ institutionCode, suspendedFrom, suspendedTo }: InstitutionSuspended) {
  const data = { institutionCode, suspendedFrom, suspendedTo }
  return [say(FACTS, 'InstitutionSuspended', { ...at(institutionCode), data }), suspensionRow(data)]
}

type Suspension = Omit<InstitutionSuspended, 'reason'>

function suspensionRow(data: Suspension): Said {
  const { institutionCode, suspendedFrom } = data
  return say(ROWS, 'SuspensionState', { ...suspensionAt(institutionCode, suspendedFrom), data })
}

function suspensionAt(institutionCode: string, suspendedFrom: string) {
  return at(institutionCode, `/suspension/${suspendedFrom}`)
}

/** The suspension ends the day before; one that began that day is void, and its row goes. */
function reinstated({ institutionCode, suspendedFrom, reinstatedOn }: InstitutionReinstated) {
  const data = { institutionCode, suspendedFrom, reinstatedOn }
  const fact = say(FACTS, 'InstitutionReinstated', { ...at(institutionCode), data })
  const suspendedTo = addDays(reinstatedOn, -1)
  if (suspendedTo >= suspendedFrom)
    return [fact, suspensionRow({ institutionCode, suspendedFrom, suspendedTo })]
  return [fact, remove(ROWS, 'SuspensionState', suspensionAt(institutionCode, suspendedFrom))]
}
