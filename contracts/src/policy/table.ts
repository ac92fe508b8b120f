/** The table form of a policy: what an agency fills in for one region and scheme. */
type Table<T> = { readonly [key: string]: T }
type ByStatusAndLevel<T> = Table<Table<T>>

export type TableSource = {
  readonly document: string
  readonly number: string | null
  readonly effective: string | null
}
export type TableBand = { readonly toFen: number | null; readonly fundBp: number }

/** What an agency fills in for one region and scheme. Money in fen, rates in basis points. */
export type TableDocument = {
  readonly region: string
  readonly name: string
  readonly scheme: 'employee' | 'resident'
  readonly effectiveFrom: string
  readonly effectiveTo: string | null
  readonly inpatient: {
    readonly deductibleFen: ByStatusAndLevel<readonly number[]>
    readonly stayCount: 'all' | 'sameLevel'
    readonly deductibleMaxFenPerYear: number | null
    readonly fundBp: ByStatusAndLevel<number>
    readonly capFen: number | null
  }
  readonly outpatient: {
    readonly deductibleFen: ByStatusAndLevel<number>
    readonly deductiblePer: 'year' | 'visit'
    readonly fundBp: ByStatusAndLevel<number>
    readonly capFen: Table<number | null>
    readonly sharesInpatientCap: boolean
  }
  readonly catastrophic: {
    readonly name: string
    readonly measure: 'cutByCap' | 'burden'
    readonly fundBp?: number
    readonly fromFen?: number
    readonly bands?: readonly TableBand[]
    readonly capFen: number | null
  } | null
  readonly remote: {
    readonly longTermFiledBp: number
    readonly transferFiledBp: number
    readonly unfiledEmergencyBp: number
    readonly unfiledBp: number
    readonly deemedFiledFor: readonly string[]
  }
  readonly sources: Readonly<Record<TableSection, TableSource | null>>
  readonly assumptions: readonly string[]
}
export type TableSection = 'inpatient' | 'outpatient' | 'catastrophic' | 'remote'
