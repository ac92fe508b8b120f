/** The tables that the service keeps of events, its own and those of others. */
import { type AnyView, anyView } from '@tongchou/runtime/view/port.ts'
import { claimView, dailyTotalView } from './door/view.ts'
import { coverageView } from './reference/view.ts'
import { paymentView, windowView } from './window/view.ts'

export const VIEWS: readonly AnyView[] = [
  anyView(coverageView),
  anyView(claimView),
  anyView(dailyTotalView),
  anyView(windowView),
  anyView(paymentView),
]
