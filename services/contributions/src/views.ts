/** The tables that the service keeps of events, its own and those of others. */
import { type AnyView, anyView } from '@tongchou/runtime/view/port.ts'
import { billView } from './bill/view.ts'
import { creditView } from './credit/view.ts'
import { premiumView } from './premium/view.ts'
import { dailyView, employerView } from './sums/view.ts'

export const VIEWS: readonly AnyView[] = [
  anyView(premiumView),
  anyView(creditView),
  anyView(billView),
  anyView(dailyView),
  anyView(employerView),
]
