import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { CatalogueListed } from '@tongchou/contracts/events.generated.ts'

/**
 * Lists rows of one region's catalogue; hundreds at a time, since each command copies the catalogue
 * once.
 */
export type ListCatalogueItems = {
  readonly type: 'ListCatalogueItems'
  readonly data: CatalogueListed
  readonly meta: CommandMeta
}
