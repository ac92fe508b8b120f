/** The tables that the service keeps of events, its own and those of others. */
import { type AnyView, anyView } from '@tongchou/runtime/view/port.ts'
import { balanceView, cutView } from './balance/view.ts'

export const VIEWS: readonly AnyView[] = [anyView(balanceView), anyView(cutView)]
