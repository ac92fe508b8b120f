/** The settings that every service has. */

import { LOG_LEVELS } from '../service/logger.ts'
import { choice, integer, optionalText, secretKey, text } from './variables.ts'

const MIB = 1024 * 1024

/**
 * `TONGCHOU_<SERVICE>_PORT` carries the service's name; all others are the same for all services.
 */
export function standardVariables(service: string, defaultPort: number) {
  return {
    port: integer({
      name: `TONGCHOU_${service.toUpperCase()}_PORT`,
      unit: 'port',
      default: defaultPort,
      min: 0,
      max: 65_535,
      describes: `where ${service} listens; 0 takes a free one`,
    }),
    host: text({
      name: 'TONGCHOU_HOST',
      unit: 'address',
      default: '127.0.0.1',
      bounds: 'an address or a host name',
      pattern: /^[0-9A-Za-z.:-]{1,255}$/,
      describes: 'interface to listen on; 0.0.0.0 in a container',
    }),
    ...storageVariables(),
    ...tokenVariables(),
    ...limitVariables(),
  }
}

function storageVariables() {
  return {
    databaseUrl: optionalText({
      name: 'TONGCHOU_DATABASE_URL',
      unit: 'URL',
      bounds: 'postgres://user:password@host:port/database',
      pattern: /^postgres(ql)?:\/\/\S+$/,
      secret: true,
      otherwise: 'an embedded PostgreSQL in the data directory',
      describes: 'PostgreSQL of the event stores and views',
    }),
    dataDir: text({
      name: 'TONGCHOU_DATA_DIR',
      unit: 'path',
      default: '.data',
      bounds: 'a directory that this process may write',
      pattern: /^\S(.*\S)?$/,
      describes: 'embedded database, keys, checkpoints',
    }),
    personKey: secretKey({
      name: 'TONGCHOU_PERSON_KEY',
      otherwise: 'made once in the data directory',
      describes:
        'key that turns person numbers into person ids; the same for all services, for ever',
    }),
  }
}

function tokenVariables() {
  return {
    publicUrl: optionalText({
      name: 'TONGCHOU_PUBLIC_URL',
      unit: 'URL',
      bounds: 'http(s)://host[:port][/path]',
      pattern: /^https?:\/\/[^\s?#]+$/,
      otherwise: 'http://localhost and the port',
      describes: 'where callers reach the doors; stands in problem types and OpenAPI',
    }),
    jwks: optionalText({
      name: 'TONGCHOU_JWKS',
      unit: 'URL or path',
      bounds: 'https://…/jwks.json or a file',
      pattern: /^\S+$/,
      otherwise: 'the embedded issuer',
      describes: 'public keys of the token issuer',
    }),
    issuer: text({
      name: 'TONGCHOU_ISSUER',
      unit: 'text',
      default: 'tongchou',
      bounds: 'what the tokens say as iss',
      pattern: /^\S{1,256}$/,
      describes: 'issuer of the tokens',
    }),
    audience: text({
      name: 'TONGCHOU_AUDIENCE',
      unit: 'text',
      default: 'tongchou',
      bounds: 'what the tokens say as aud',
      pattern: /^\S{1,256}$/,
      describes: 'audience of the tokens',
    }),
  }
}

function limitVariables() {
  return {
    logLevel: choice({
      name: 'TONGCHOU_LOG_LEVEL',
      of: LOG_LEVELS,
      default: 'info',
      describes: 'least level that is logged',
    }),
    shutdownMs: integer({
      name: 'TONGCHOU_SHUTDOWN_MS',
      unit: 'ms',
      default: 15_000,
      min: 0,
      max: 300_000,
      describes: 'time for requests and batches under way when the process is told to stop',
    }),
    bodyLimitBytes: integer({
      name: 'TONGCHOU_BODY_LIMIT_BYTES',
      unit: 'bytes',
      default: MIB,
      min: 16_384,
      max: 64 * MIB,
      describes: 'largest JSON body',
    }),
    idempotencyKeyHours: integer({
      name: 'TONGCHOU_IDEMPOTENCY_KEY_HOURS',
      unit: 'hours',
      default: 168,
      min: 1,
      max: 8760,
      describes: 'how long an Idempotency-Key stands for the request that it came with',
    }),
    loopDelayMsMax: integer({
      name: 'TONGCHOU_LOOP_DELAY_MS_MAX',
      unit: 'ms',
      default: 500,
      min: 0,
      max: 60_000,
      describes: 'mean event-loop delay above which requests are refused unavailable; 0 never',
    }),
  }
}
