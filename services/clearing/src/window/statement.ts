/** Statement of one region in one window: lines whose amounts sum to its net. */
import type { WindowNetted } from '@tongchou/contracts/events.generated.ts'
import type { Fen } from '@tongchou/contracts/money.ts'
import { negate, sum } from '@tongchou/contracts/money.ts'

export type StatementLine = {
  readonly counterparty: string
  /** `pays`: its insured were treated there; `receives`: it treated theirs. */
  readonly direction: 'pays' | 'receives'
  readonly claims: number
  readonly pooledFen: Fen
  readonly catastrophicFen: Fen
  readonly otherFundFen: Fen
  readonly accountFen: Fen
  /** + receives, - pays. */
  readonly amountFen: Fen
}

export type Statement = {
  readonly windowNo: number
  readonly label: string
  readonly regionCode: string
  readonly noticeNo: string
  readonly netFen: Fen
  readonly digest: string
  readonly lines: readonly StatementLine[]
}

/** Undefined when the region has no obligation in the window. */
export function statementOf(netted: WindowNetted, regionCode: string): Statement | undefined {
  const net = netted.nets.find(row => row.regionCode === regionCode)
  if (net === undefined) return undefined
  const lines = netted.pairs.flatMap((pair): StatementLine[] => {
    const { insured, treating, claims, pooledFen, catastrophicFen, otherFundFen, accountFen } = pair
    const parts = { claims, pooledFen, catastrophicFen, otherFundFen, accountFen }
    if (insured === regionCode) {
      return [
        { counterparty: treating, direction: 'pays', ...parts, amountFen: negate(pair.owedFen) },
      ]
    }
    if (treating !== regionCode) return []
    return [{ counterparty: insured, direction: 'receives', ...parts, amountFen: pair.owedFen }]
  })
  const { windowNo, label, digest } = netted
  return { windowNo, label, regionCode, noticeNo: net.noticeNo, netFen: net.netFen, digest, lines }
}

/** True when the lines sum to the net: what a region checks before it signs. */
export function sumsToNet({ lines, netFen }: Statement): boolean {
  return sum(...lines.map(({ amountFen }) => amountFen)) === netFen
}

const COLUMNS = [
  'counterparty',
  'direction',
  'claims',
  'pooledFen',
  'catastrophicFen',
  'otherFundFen',
  'accountFen',
  'amountFen',
] as const

/** RFC 4180: every cell is a code, a word or an integer, so nothing needs quotes. */
export function statementCsv(statement: Statement): string {
  const rows = statement.lines.map(line => COLUMNS.map(column => String(line[column])))
  const total = ['net', '', '', '', '', '', '', String(statement.netFen)]
  return [COLUMNS, ...rows, total].map(cells => `${cells.join(',')}\r\n`).join('')
}
