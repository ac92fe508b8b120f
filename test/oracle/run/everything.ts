/** All that can be compared, each by name with the way to run it. */
import { DUES } from '../sums/dues.ts'
import { FUNDS } from '../sums/funds.ts'
import { RATE_CHANGE } from '../sums/guards.ts'
import { MORE_DUES } from '../sums/more-dues.ts'
import { PERMITS } from '../sums/permits.ts'
import { PREMIUMS } from '../sums/premiums.ts'
import { SPLIT } from '../sums/split.ts'
import { runSum, type Sum } from '../sums/sum.ts'
import { type Asked, type Row, runSubject } from './run.ts'
import { subjects } from './subjects.ts'

export type Comparison = { readonly name: string; readonly run: (asked: Asked) => Row }

function sums(): readonly Sum[] {
  return [SPLIT, ...DUES, ...MORE_DUES, ...PREMIUMS, ...FUNDS, ...PERMITS, RATE_CHANGE]
}

export function everything(): readonly Comparison[] {
  return [
    ...subjects().map(subject => ({
      name: subject.name,
      run: (asked: Asked) => runSubject(subject, asked),
    })),
    ...sums().map(sum => ({ name: sum.name, run: (asked: Asked) => runSum(sum, asked) })),
  ]
}
