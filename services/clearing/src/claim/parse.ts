/**
 * A claim as sent, checked against its schema, made exact: dates, quantities and prices as
 * integers.
 */
import type { ClaimJson } from '@tongchou/contracts/http/claim.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { fen } from '@tongchou/contracts/money.ts'
import type { BusinessDate } from '@tongchou/contracts/time.ts'

export type ParsedLine = {
  readonly itemCode: string
  readonly name: string
  /** Quantity × 10⁴. */
  readonly quantityE4: bigint
  /** Fen × 10⁴. */
  readonly unitPriceE4: bigint
  readonly amountFen: Fen
  readonly on: BusinessDate
}

export type Attributes = Readonly<Record<string, string>>

export type ParsedClaim = {
  readonly claimNo: string
  readonly institutionCode: string
  readonly personNo: string
  readonly kind: ClaimJson['kind']
  readonly beginOn: BusinessDate
  readonly endOn: BusinessDate
  readonly emergency: boolean
  readonly doctorCode: string | null
  readonly diagnoses: readonly string[]
  readonly useAccount: boolean
  /** As text, whatever they were sent as. */
  readonly attributes: Attributes
  readonly lines: readonly ParsedLine[]
  readonly totalFen: Fen
}

/** What breaks the request schema in a way that JSON Schema cannot say. */
export type Malformed = {
  readonly kind: 'malformed'
  readonly field: string
  readonly rule: string
}

/** Refuses dates that do not fit the kind, and quantities that are not greater than 0. */
export function parseClaim(json: ClaimJson): ParsedClaim | Malformed {
  const days = daysOf(json)
  if ('kind' in days) return days
  const lines: ParsedLine[] = []
  for (const [index, line] of json.lines.entries()) {
    const quantityE4 = tenThousandths(line.quantity)
    if (quantityE4 <= 0n) return malformed(`lines[${index}].quantity`, 'greater than 0')
    lines.push({
      itemCode: line.itemCode,
      name: line.name,
      quantityE4,
      unitPriceE4: tenThousandths(line.unitPriceFen),
      amountFen: fen(line.amountFen),
      on: line.on as BusinessDate,
    })
  }
  const { claimNo, institutionCode, personNo, kind, emergency, doctorCode, diagnoses, useAccount } =
    json
  return {
    claimNo,
    institutionCode,
    personNo,
    kind,
    ...days,
    emergency,
    doctorCode,
    diagnoses,
    useAccount,
    attributes: textOf(json.attributes),
    lines,
    totalFen: fen(json.totalFen),
  }
}

const NONE: Attributes = {}

function textOf(attributes: ClaimJson['attributes']): Attributes {
  if (attributes === undefined) return NONE
  const text: Record<string, string> = {}
  for (const name of Object.keys(attributes).sort()) text[name] = String(attributes[name])
  return text
}

function daysOf(json: ClaimJson): { beginOn: BusinessDate; endOn: BusinessDate } | Malformed {
  const { kind, admittedOn, dischargedOn, visitedOn } = json
  if (kind === 'inpatient') {
    if (admittedOn === undefined) return malformed('admittedOn', 'required for inpatient')
    if (dischargedOn === undefined) return malformed('dischargedOn', 'required for inpatient')
    if (visitedOn !== undefined) return malformed('visitedOn', 'not allowed for inpatient')
    return { beginOn: admittedOn as BusinessDate, endOn: dischargedOn as BusinessDate }
  }
  if (visitedOn === undefined) return malformed('visitedOn', `required for ${kind}`)
  if (admittedOn !== undefined) return malformed('admittedOn', `not allowed for ${kind}`)
  if (dischargedOn !== undefined) return malformed('dischargedOn', `not allowed for ${kind}`)
  return { beginOn: visitedOn as BusinessDate, endOn: visitedOn as BusinessDate }
}

function malformed(field: string, rule: string): Malformed {
  return { kind: 'malformed', field, rule }
}

/** Value × 10⁴ of an integer or of decimal text with at most four places. */
export function tenThousandths(value: number | string): bigint {
  if (typeof value === 'number') return BigInt(value) * 10_000n
  const [whole = '0', places = ''] = value.split('.')
  return BigInt(whole) * 10_000n + BigInt(places.padEnd(4, '0'))
}
