/**
 * One of everything, all of it belonging to HOME and AWAY, and requests for it: what others must
 * not see or change.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { encodeEvent } from '@tongchou/contracts/avro/codec.ts'
import { claimIdOf, personIdOf } from '@tongchou/contracts/id.ts'
import { demoPolicies, demoRecords } from '../../fixtures/demo-files.ts'
import type { As, JsonObject } from './http.ts'
import type { Names, Samples } from './samples.ts'
import type { System } from './system.ts'
import {
  AT_HOSPITAL,
  AWAY,
  CENTRE,
  enrolMany,
  HOME,
  HOSPITAL,
  importAll,
  loadReferences,
  personKeyOf,
  personNumber,
  SERVICE,
  stay,
} from './world.ts'

/** A region that nothing of the estate has to do with, and who acts there. */
export const FOREIGN = '420200'
export const STRANGERS: Readonly<Record<string, As>> = {
  agency: { role: 'agency', region: FOREIGN },
  hospital: { role: 'hospital', institution: 'H42020000001' },
  reviewer: { role: 'reviewer', region: FOREIGN },
  auditor: { role: 'auditor', region: FOREIGN },
}

/** Who may ask for the estate; each route is for some of them. */
export const OWNERS: readonly As[] = [
  CENTRE,
  AT_HOSPITAL,
  { role: 'agency', region: HOME },
  { role: 'agency', region: AWAY },
  { role: 'reviewer', region: AWAY },
  { role: 'auditor' },
  { role: 'operator' },
  SERVICE,
]

export type Estate = {
  readonly samples: Samples
  /** Texts that stand in no answer to a stranger. */
  readonly marks: readonly string[]
  /** Those that not even a hospital is told to which the person comes. */
  readonly secrets: readonly string[]
}

const PERSON = personNumber(77, { idNumber: '610100198005051234', name: '机密姓名' })
const FILING = {
  filingNo: 'ESTATE-FILING',
  personNo: PERSON.personNo,
  kind: 'longTermResidence',
  treatmentRegion: AWAY,
  filedOn: '2025-01-01',
  validFrom: '2025-01-01',
} as const
const CREDIT = {
  creditNo: 'ESTATE-CREDIT',
  personNo: PERSON.personNo,
  regionCode: HOME,
  scheme: 'employee',
  kind: 'monthly',
  amountFen: 123_457,
  creditedOn: '2025-01-02',
} as const
const PREMIUM = {
  receiptNo: 'ESTATE-RECEIPT',
  regionCode: HOME,
  scheme: 'employee',
  payer: 'employer',
  period: '2025-01',
  amountFen: 9_876_543,
  receivedOn: '2025-01-03',
} as const
/** Far from what the demo policies say: premiums of residents, from a pack of the sources. */
const BILL = {
  personNo: PERSON.personNo,
  regionCode: HOME,
  scheme: 'resident',
  period: '2190',
  status: 'adult',
  employerNo: 'ESTATE-UNIT',
  dueOn: '2025-01-01',
} as const
const BILL_PAYMENT = { receiptNo: 'ESTATE-BANK', amountFen: 68_000, paidOn: '2025-01-09' } as const
const NOTICE = { deliveredOn: '2025-01-05' } as const

async function billedIn(system: System): Promise<string> {
  const file = new URL('../../../contracts/policies/packs/P06-resident.json', import.meta.url)
  const pack = JSON.parse(readFileSync(file, 'utf8'))
  const place = { regionCode: HOME, effectiveFrom: '2190-01-01' }
  const published = await system.call('claims', '/v1/policies', {
    as: CENTRE,
    body: { pack, ...place },
  })
  assert.equal(published.status, 200, published.text)
  const issued = await system.call('contributions', '/v1/bills', { as: CENTRE, body: BILL })
  assert.equal(issued.status, 201, issued.text)
  return String(issued.json['billId'])
}

export async function buildEstate(system: System): Promise<Estate> {
  await loadReferences(system)
  await enrolMany(system, [PERSON])
  await importAll(system, 'enrollment', '/v1/filings:import', [FILING])
  await importAll(system, 'contributions', '/v1/account-credits:import', [CREDIT])
  await importAll(system, 'contributions', '/v1/premiums:import', [PREMIUM])
  await system.stores.quiet()
  const claim = stay({ personNo: PERSON.personNo, claimNo: 'ESTATE-CLAIM' })
  for (const [body, state] of [
    [claim, 'settled'],
    [{ ...claim, claimNo: 'ESTATE-HELD' }, 'held'],
  ] as const) {
    const headers = { prefer: 'wait=30' }
    const reply = await system.call('clearing', '/v1/claims', { as: SERVICE, body, headers })
    assert.equal(reply.json['state'], state, reply.text)
  }
  const window = { as: CENTRE, body: { label: 'estate' }, headers: { prefer: 'wait=30' } }
  const closed = await system.call('clearing', '/v1/windows', window)
  assert.equal(closed.status, 201, closed.text)
  await system.stores.quiet()
  const personId = personIdOf(personKeyOf(system), PERSON.personNo)
  const claimIds = ['ESTATE-CLAIM', 'ESTATE-HELD'].map(claimNo => claimIdOf(HOSPITAL, claimNo))
  const secrets = [PERSON.idNumber, PERSON.name, ...claimIds, 'ESTATE-']
  return {
    samples: await samplesOf(system, personId, claimIds),
    secrets,
    marks: [
      ...secrets,
      PERSON.personNo,
      personId,
      String(CREDIT.amountFen),
      String(PREMIUM.amountFen),
      `"${HOME}"`,
      `"${AWAY}"`,
      `${HOME}/`,
      `${AWAY}/`,
    ],
  }
}

/** What must be new for a request to be taken. */
const NEW: Readonly<Record<string, Names>> = {
  'enrollment POST /v1/persons/{personNo}/coverage': { coveredFrom: '2099-01-01' },
  'enrollment POST /v1/filings': { filingNo: 'ESTATE-FILING-2' },
  'providers POST /v1/institutions': { institutionCode: 'H61010077777' },
  'contributions POST /v1/premiums': { receiptNo: 'ESTATE-RECEIPT-2' },
  'contributions POST /v1/account-credits': { creditNo: 'ESTATE-CREDIT-2' },
}

async function samplesOf(
  system: System,
  personId: string,
  [settled = '', held = '']: readonly string[],
): Promise<Samples> {
  const policy = demoPolicies().find(({ file }) => file === '610100-employee.json')
  const pack = { ...(policy?.document as JsonObject), name: '估', effectiveFrom: '2098-01-01' }
  const whatIf = { pack, from: '2025-01-01', to: '2025-12-31' }
  const asked = await system.call('claims', '/v1/what-ifs', { as: CENTRE, body: whatIf })
  assert.equal(asked.status, 202, asked.text)
  const { whatIfId } = JSON.parse(asked.text)
  const [submitted] = await system.stores.eventsOf('clearing', 'ClaimSubmitted')
  assert.ok(submitted)
  const quoted = encodeEvent('ClaimSubmitted', submitted.data).toString('base64')
  const [item] = demoRecords('catalogue').filter(({ regionCode }) => regionCode === HOME)
  const [institution] = demoRecords('institutions').filter(row => row.regionCode === HOME)
  const hash = await packHashOf(system)
  const billId = await billedIn(system)
  const names = {
    ...PERSON,
    regionCode: HOME,
    region: HOME,
    personId,
    claimId: settled,
    whatIfId,
    filingNo: FILING.filingNo,
    creditNo: CREDIT.creditNo,
    receiptNo: PREMIUM.receiptNo,
    billId,
    code: HOSPITAL,
    institutionCode: HOSPITAL,
    treatmentRegion: AWAY,
    toRegion: AWAY,
    windowNo: 1,
    year: 2025,
    hash,
    key: personId,
    group: 'claims.adjudicate',
    entity: `${HOME}/employee.pooled`,
    period: '2025-02',
    newCode: 'H11010088888',
    amountFen: 100,
    agreementFrom: '2097-01-01',
    agreementTo: '2097-12-31',
    coveredTo: '2098-12-31',
    on: '2025-03-03',
    from: '2020-01-01',
    to: '2099-12-31',
  }
  const line = { ...stay({ personNo: PERSON.personNo, claimNo: 'ESTATE-LINE', on: '2025-08-08' }) }
  return {
    namesFor: ({ service, name }) => {
      if (service === 'fraud' || name.endsWith('/reversal')) return { ...names, claimId: held }
      return { ...names, ...NEW[name] }
    },
    bodies: {
      'claims POST /v1/policies': pack,
      'claims POST /v1/quotes': { claim: quoted },
      'claims POST /v1/accounts/{personId}/adjudications/{claimId}/explanation': { claim: quoted },
      'claims POST /v1/what-ifs': whatIf,
      'contributions POST /v1/bills': { ...BILL, period: '2191' },
      'contributions POST /v1/bills/{billId}/notices': NOTICE,
      'contributions POST /v1/bills/{billId}/payments': BILL_PAYMENT,
      'clearing POST /v1/claims': { ...line, claimNo: 'ESTATE-NEW', ...datesOn('2025-07-07') },
      'clearing POST /v1/claims:presettle': { ...line, claimNo: 'ESTATE-ASK' },
    },
    lines: {
      'enrollment POST /v1/persons:import': PERSON,
      'enrollment POST /v1/filings:import': FILING,
      'providers POST /v1/institutions:import': { ...institution },
      'providers POST /v1/catalogue-items:import': { ...item },
      'providers POST /v1/catalogues/{region}/items:import': { ...item },
      'contributions POST /v1/account-credits:import': CREDIT,
      'contributions POST /v1/premiums:import': PREMIUM,
      'contributions POST /v1/bills:import': BILL,
      'contributions POST /v1/arrears-notices:import': { billId, ...NOTICE },
      'contributions POST /v1/bill-payments:import': { billId, ...BILL_PAYMENT },
      'claims POST /v1/policies:import': pack,
      'clearing POST /v1/claims:batch': line,
    },
    bodiless: new Set([
      'claims POST /v1/accounts/{personId}/years/{year}/closing',
      'claims POST /v1/what-ifs/{whatIfId}/stopping',
    ]),
  }
}

function datesOn(on: string) {
  const { admittedOn, dischargedOn, lines } = stay({ personNo: '', claimNo: '', on })
  return { admittedOn, dischargedOn, lines }
}

async function packHashOf(system: System): Promise<string> {
  const packs = await system.stores.eventsOf('claims', 'PackPublished')
  return packs.find(({ data }) => data.regionCode === HOME)?.data.packHash ?? assert.fail()
}
