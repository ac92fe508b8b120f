/** What every adapter of the message log must do. Called by the tests of each. */
import { describe } from 'node:test'
import { broadcastLaws } from './contract/broadcast.ts'
import { checkpointLaws, deliveryLaws } from './contract/delivery.ts'
import { retryLaws, stopLaws } from './contract/faults.ts'
import { parkedLaws } from './contract/parked.ts'
import { fencingLaws, sharingLaws } from './contract/sharing.ts'
import type { OpenBed } from './testing.ts'

const LAWS = {
  delivery: [deliveryLaws, checkpointLaws],
  broadcast: [broadcastLaws],
  sharing: [sharingLaws, fencingLaws],
  faults: [retryLaws, stopLaws],
  'parked keys': [parkedLaws],
} as const

export function messageLogContract(name: string, open: OpenBed): void {
  for (const [part, laws] of Object.entries(LAWS)) {
    describe(`${name}: ${part}`, () => {
      for (const law of laws) law(open)
    })
  }
}
