/**
 * Fraud over memory adapters, for tests of routes and wiring. No clock, no port, no waiting by
 * time.
 */
import { uuid, uuidFrom } from '@tongchou/contracts/id.ts'
import type { Grant } from '@tongchou/runtime/auth/issuer.ts'
import { openMemoryStore } from '@tongchou/runtime/event-store/memory.ts'
import { CommandHandler } from '@tongchou/runtime/service/handle-command.ts'
import { recorded } from '@tongchou/runtime/service/recorded.ts'
import type { TestHttp } from '@tongchou/runtime/testing/http.ts'
import { createTestHttp } from '@tongchou/runtime/testing/http.ts'
import { MemoryViewStore } from '@tongchou/runtime/view/memory.ts'
import { fraud } from '../app.ts'
import { heldCase } from '../case/decide.ts'
import { addCaseRoutes } from '../case/routes.ts'
import type { CaseHandler, WatchHandler } from '../ports.ts'
import { watch } from '../score/decide.ts'
import { addScoreRoutes } from '../score/routes.ts'
import { NOW } from './claims.ts'

export type TestFraud = TestHttp & {
  readonly cases: CaseHandler
  readonly watches: WatchHandler
  /** Brings the views to the end of the store. */
  readonly project: () => Promise<void>
  /** What `caughtUp` answers; true unless a test says otherwise. */
  caughtUp: boolean
}

export async function createTestFraud(): Promise<TestFraud> {
  const store = openMemoryStore()
  const views = new MemoryViewStore()
  const cases: CaseHandler = new CommandHandler(store, heldCase)
  const watches: WatchHandler = new CommandHandler(store, watch)
  const state = { caughtUp: true }
  const newId = idsFrom('service')
  const http = await createTestHttp({
    routes: app => {
      const logger = { debug() {}, info() {}, warn() {}, error() {}, with: () => logger }
      const caughtUp = async () => state.caughtUp
      const ports = { store, views, caughtUp, clock: () => NOW, newId, logger, cases }
      addCaseRoutes(app, ports)
      addScoreRoutes(app, ports)
    },
  })
  let projected = 0n
  const project = async () => {
    for (const event of await store.readAll(projected, 1000)) {
      views.apply(fraud.views, recorded(event))
      projected = event.position
    }
  }
  return Object.assign(state, { ...http, cases, watches, project })
}

/** Ids in a fixed order. */
export function idsFrom(name: string) {
  let count = 0
  return () => uuidFrom(uuid('2c0a4b1e-53b4-4d6e-8f0a-3c9f5a5d7e10'), `${name} ${++count}`)
}

export const REVIEWER: Partial<Grant> = { role: 'reviewer', subject: 'r-1', region: '110100' }
export const CENTRE: Partial<Grant> = { role: 'centre', subject: 'c-1' }
export const AUDITOR: Partial<Grant> = { role: 'auditor', subject: 'a-1' }
