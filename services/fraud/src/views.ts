/** The tables that the service keeps of events, its own and those of others. */
import { type AnyView, anyView } from '@tongchou/runtime/view/port.ts'
import { casesView } from './case/view.ts'
import { scoresView } from './score/view.ts'

export const VIEWS: readonly AnyView[] = [anyView(casesView), anyView(scoresView)]
