/** The reference data of the demo set, persons of a test's own, and claims that settle. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { demoPolicies, demoRecords } from '../../fixtures/demo-files.ts'
import type { As } from './http.ts'
import { answerLines, NDJSON, ndjson } from './http.ts'
import type { System } from './system.ts'

export const CENTRE: As = { role: 'centre' }
export const SERVICE: As = { role: 'service' }
export const HOME = '610100'
export const AWAY = '110100'
export const HOSPITAL = 'H11010000001'
export const AT_HOSPITAL: As = { role: 'hospital', institution: HOSPITAL }

/** Institutions, catalogues and policies of ten regions. */
export async function loadReferences(system: System): Promise<void> {
  const files = ['institutions', 'catalogue'] as const
  const [institutions, catalogue] = files.map(name => demoRecords(name))
  const policies = demoPolicies().map(({ document }) => document)
  await importAll(system, 'providers', '/v1/institutions:import', institutions ?? [])
  await importAll(system, 'providers', '/v1/catalogue-items:import', catalogue ?? [])
  await importAll(system, 'claims', '/v1/policies:import', policies)
}

/** Throws when a line is refused. */
export async function importAll(
  system: System,
  service: ServiceName,
  path: string,
  records: readonly unknown[],
): Promise<void> {
  const headers = { 'content-type': NDJSON }
  const reply = await system.call(service, path, { as: CENTRE, body: ndjson(records), headers })
  const bad = answerLines(reply.text).find(({ ok }) => !ok)
  if (reply.status !== 200 || bad !== undefined) {
    throw new Error(`${path}: ${reply.status} ${JSON.stringify(bad ?? reply.text)}`)
  }
}

export type Person = ReturnType<typeof personNumber>

/** The n-th person of a test: insured in HOME, an employee, covered since 2020. */
export function personNumber(n: number, change: Readonly<Record<string, unknown>> = {}) {
  const digits = String(n).padStart(8, '0')
  return {
    personNo: `E2E${digits}`,
    idNumber: `6101001980${digits}`,
    name: `测试${n}`,
    sex: n % 2 === 0 ? 'F' : 'M',
    bornOn: '1980-05-05',
    regionCode: HOME,
    scheme: 'employee',
    status: 'active',
    coveredFrom: '2020-01-01',
    ...change,
  }
}

/** Persons with what their personal accounts begin with. */
export async function enrolMany(
  system: System,
  persons: readonly Person[],
  accountFen = 0,
): Promise<void> {
  await importAll(system, 'enrollment', '/v1/persons:import', persons)
  if (accountFen === 0) return
  const credits = persons.map(({ personNo, regionCode, scheme }) => ({
    creditNo: `OPENING-${personNo}`,
    personNo,
    regionCode,
    scheme,
    kind: 'openingBalance',
    amountFen: accountFen,
    creditedOn: '2025-01-01',
  }))
  await importAll(system, 'contributions', '/v1/account-credits:import', credits)
  await system.stores.quiet()
}

export type ClaimBody = ReturnType<typeof stay> | ReturnType<typeof visit>

const ITEMS = [
  { itemCode: '110200001', name: '普通门诊诊查费', unitPriceFen: 1608 },
  { itemCode: 'XN02BE01', name: '对乙酰氨基酚片 500mg', unitPriceFen: 637 },
] as const

type Bill = { readonly personNo: string; readonly claimNo: string; readonly on?: string }

function linesOn(on: string, quantity: number) {
  return ITEMS.map(({ unitPriceFen, ...item }) => {
    return { ...item, quantity, unitPriceFen, amountFen: unitPriceFen * quantity, on }
  })
}

const sumOf = (lines: ReturnType<typeof linesOn>) =>
  lines.reduce((sum, { amountFen }) => sum + amountFen, 0)

/** One day in hospital that costs far more than the deductible, so that funds and account pay. */
export function stay({ personNo, claimNo, on = '2025-03-03' }: Bill, quantity = 100) {
  const lines = linesOn(on, quantity)
  return {
    claimNo,
    institutionCode: HOSPITAL,
    personNo,
    kind: 'inpatient',
    admittedOn: on,
    dischargedOn: on,
    emergency: false,
    doctorCode: null,
    diagnoses: ['I10.x00'],
    useAccount: true,
    lines,
    totalFen: sumOf(lines),
  }
}

/** A small outpatient claim. */
export function visit({ personNo, claimNo, on = '2025-03-03' }: Bill, quantity = 1) {
  const lines = linesOn(on, quantity)
  const { admittedOn: _in, dischargedOn: _out, ...claim } = stay({ personNo, claimNo, on })
  return { ...claim, kind: 'outpatient', visitedOn: on, lines, totalFen: sumOf(lines) }
}

/** The n-th day of 2025, from 0: claims of one person on different days are different bills. */
export function dayOf2025(n: number): string {
  return new Date(Date.UTC(2025, 0, 1 + (n % 360))).toISOString().slice(0, 10)
}

/** Secret of the instance that turns person numbers into person ids. */
export function personKeyOf({ dataDir }: System): Buffer {
  return Buffer.from(readFileSync(join(dataDir, 'person-key'), 'utf8').trim(), 'hex')
}
