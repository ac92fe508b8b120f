import type { TestContext } from 'node:test'
import type { EventStore } from '../port.ts'

/** A new, empty store that is closed at the end of the test. */
export type OpenStore = (t: TestContext) => Promise<EventStore>
