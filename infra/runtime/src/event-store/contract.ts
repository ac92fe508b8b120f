/** What every adapter of the event store must do. Called by the tests of each. */
import { describe } from 'node:test'
import { appendLaws, refusalLaws, retryLaws } from './contract/append.ts'
import { attachmentLaws } from './contract/attachment.ts'
import { shareLaws, takeoverLaws } from './contract/leases.ts'
import type { OpenStore } from './contract/open.ts'
import { parkLaws, replayLaws } from './contract/parked.ts'
import { fenceLaws, moveLaws } from './contract/progress.ts'
import { pageLaws, streamLaws } from './contract/read.ts'

const LAWS = {
  append: [appendLaws, retryLaws, refusalLaws],
  attachment: [attachmentLaws],
  read: [streamLaws, pageLaws],
  progress: [moveLaws, fenceLaws],
  leases: [shareLaws, takeoverLaws],
  'parked messages': [parkLaws, replayLaws],
} as const

export function eventStoreContract(name: string, open: OpenStore): void {
  for (const [part, laws] of Object.entries(LAWS)) {
    describe(`${name}: ${part}`, () => {
      for (const law of laws) law(open)
    })
  }
}
