/** Where doors are, as the settings say it. */
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import { standardVariables } from '../config/standard.ts'
import { type Environment, readConfig } from '../config/variables.ts'

/**
 * Ports of the services from the base port on; clearing, which hospitals call, is the base itself.
 */
const PORT_ORDER: readonly ServiceName[] = [
  'clearing',
  ...SERVICES.filter(name => name !== 'clearing'),
]
export const BASE_PORT = 7080

export function defaultPort(service: ServiceName): number {
  return BASE_PORT + PORT_ORDER.indexOf(service)
}

/** As other services reach it. */
export function urlIn(env: Environment, service: ServiceName): string {
  const given = env[`TONGCHOU_${service.toUpperCase()}_URL`]
  if (given !== undefined) return given
  return `http://127.0.0.1:${portOf(service, env)}`
}

export function portOf(service: ServiceName, env: Environment): number {
  return readConfig(standardVariables(service, defaultPort(service)), env).port
}

/** Our own registry is shown at the door that other organisations know. */
export const REGISTRY_HOME: ServiceName = 'clearing'
export const REGISTRY_PATH = '/registry'

/** As other organisations reach it. */
export function registryUrlIn(env: Environment): string {
  const { TONGCHOU_SCHEMA_REGISTRY: given, TONGCHOU_PUBLIC_URL: door } = env
  return given ?? `${door ?? urlIn(env, REGISTRY_HOME)}${REGISTRY_PATH}`
}
