import type { CommandMeta } from '@tongchou/contracts/decision.ts'
import type { PackPublished } from '@tongchou/contracts/events.generated.ts'

export type PublishPack = {
  readonly type: 'PublishPack'
  /** Checked and named by its content at the edge. */
  readonly data: PackPublished
  readonly meta: CommandMeta
}
