/**
 * A schema registry over HTTP: the part of Confluent's API that Avro needs, so that stock clients
 * work. Every role reads; `service` writes.
 */
import type { Http, HttpOptions } from '../../http/server.ts'
import { buildHttp } from '../../http/server.ts'
import type { Logger } from '../../service/logger.ts'
import type { RegistryLog } from '../port.ts'
import { Registry } from '../registry.ts'
import { speakRegistry } from './answers.ts'
import { addCompatibilityRoutes, addSchemaRoutes } from './schema-routes.ts'
import { addLevelRoutes, addModeRoutes } from './setting-routes.ts'
import { addSubjectRoutes } from './subject-routes.ts'

export type RegistryOptions = Omit<HttpOptions, 'name'> & { readonly log: RegistryLog }

/** A server of its own, to be listened with; opens nothing. */
export async function buildRegistry({ log, ...options }: RegistryOptions): Promise<Http> {
  const app = await buildHttp({ ...options, name: 'registry' })
  await addRegistry(app, { log, logger: options.logger, prefix: '' })
  return app
}

type Added = {
  readonly log: RegistryLog
  readonly logger: Logger
  /** `/registry`, where the server says other things too. */
  readonly prefix: string
}

/** The same behind another door, whose tokens it takes. */
export async function addRegistry(app: Http, { log, logger, prefix }: Added): Promise<void> {
  const registry = new Registry(log)
  await app.register(
    async (routes: Http) => {
      routes.addHook('onRoute', route => {
        route.config = { ...route.config, basic: true }
      })
      speakRegistry(routes, logger)
      addSubjectRoutes(routes, registry)
      addSchemaRoutes(routes, registry)
      addCompatibilityRoutes(routes, registry)
      addLevelRoutes(routes, registry)
      addModeRoutes(routes, registry)
    },
    { prefix },
  )
}
