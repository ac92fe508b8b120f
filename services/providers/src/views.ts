/** The tables that the service keeps of events, its own and those of others. */
import { type AnyView, anyView } from '@tongchou/runtime/view/port.ts'
import { catalogueItemView } from './catalogue/view.ts'
import { institutionView } from './institution/view.ts'

export const VIEWS: readonly AnyView[] = [anyView(institutionView), anyView(catalogueItemView)]
