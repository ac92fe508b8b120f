/** Levels of compatibility and modes, of the registry and of single subjects. */
import { requireRole } from '../../auth/caller.ts'
import type { Http } from '../../http/server.ts'
import type { Registry } from '../registry.ts'
import { levelNotSet, modeNotSet } from '../rules/decide.ts'
import {
  DefaultToGlobal,
  Force,
  LevelBody,
  ModeBody,
  Subject,
  sentLevel,
  sentMode,
  sentSubject,
} from './inputs.ts'

const MAY_WRITE = requireRole('service')

export function addLevelRoutes(app: Http, registry: Registry): void {
  app.get('/config', { schema: {} }, async () => {
    return { compatibilityLevel: (await registry.state()).level(null) }
  })
  app.put('/config', { preHandler: MAY_WRITE, schema: { body: LevelBody } }, async ({ body }) => {
    const level = sentLevel(body)
    await registry.change({ type: 'set-level', subject: null, level })
    return { compatibility: level }
  })
  app.delete('/config', { preHandler: MAY_WRITE, schema: {} }, async () => {
    await registry.change({ type: 'set-level', subject: null, level: null })
    return { compatibilityLevel: (await registry.state()).level(null) }
  })
  app.get(
    '/config/:subject',
    { schema: { params: Subject, querystring: DefaultToGlobal } },
    async ({ params, query }) => {
      const subject = sentSubject(params)
      const state = await registry.state()
      const level = state.ownLevel(subject)
      if (level === undefined && !query.defaultToGlobal) throw levelNotSet(subject)
      return { compatibilityLevel: level ?? state.level(subject) }
    },
  )
  app.put(
    '/config/:subject',
    { preHandler: MAY_WRITE, schema: { params: Subject, body: LevelBody } },
    async ({ params, body }) => {
      const level = sentLevel(body)
      await registry.change({ type: 'set-level', subject: sentSubject(params), level })
      return { compatibility: level }
    },
  )
  app.delete(
    '/config/:subject',
    { preHandler: MAY_WRITE, schema: { params: Subject } },
    async ({ params }) => {
      const subject = sentSubject(params)
      await registry.change({ type: 'set-level', subject, level: null })
      return { compatibilityLevel: (await registry.state()).level(subject) }
    },
  )
}

export function addModeRoutes(app: Http, registry: Registry): void {
  app.get('/mode', { schema: {} }, async () => ({ mode: (await registry.state()).mode(null) }))
  app.put(
    '/mode',
    { preHandler: MAY_WRITE, schema: { body: ModeBody, querystring: Force } },
    async ({ body, query: { force } }) => {
      const mode = sentMode(body)
      await registry.change({ type: 'set-mode', subject: null, mode, force })
      return { mode }
    },
  )
  app.get(
    '/mode/:subject',
    { schema: { params: Subject, querystring: DefaultToGlobal } },
    async ({ params, query }) => {
      const subject = sentSubject(params)
      const state = await registry.state()
      const mode = state.ownMode(subject)
      if (mode === undefined && !query.defaultToGlobal) throw modeNotSet(subject)
      return { mode: mode ?? state.mode(subject) }
    },
  )
  app.put(
    '/mode/:subject',
    { preHandler: MAY_WRITE, schema: { params: Subject, body: ModeBody, querystring: Force } },
    async ({ params, body, query: { force } }) => {
      const mode = sentMode(body)
      await registry.change({ type: 'set-mode', subject: sentSubject(params), mode, force })
      return { mode }
    },
  )
  app.delete(
    '/mode/:subject',
    { preHandler: MAY_WRITE, schema: { params: Subject } },
    async ({ params }) => {
      const subject = sentSubject(params)
      await registry.change({ type: 'set-mode', subject, mode: null, force: false })
      return { mode: (await registry.state()).mode(subject) }
    },
  )
}
