/**
 * Whatever a request ends in besides an answer, as a problem. Nobody's mistake but ours is a 500.
 */
import { randomUUID } from 'node:crypto'
import type { FastifyError, FastifyRequest } from 'fastify'
import { Fault } from '../service/fault.ts'
import { errorFields, type Logger } from '../service/logger.ts'
import { malformed } from './json-body.ts'
import { commonProblem, HttpProblem, unavailable } from './problem.ts'
import { validationProblem } from './validation.ts'

/** Fastify's own refusals, by their codes; any other `FST_ERR_CTP_…` is a malformed request. */
const BY_CODE: Readonly<Record<string, () => HttpProblem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => commonProblem('too-large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => commonProblem('unsupported-media-type'),
  FST_ERR_BAD_URL: () => malformed('the path is not a valid URL', 'path', 'url'),
  FST_ERR_MAX_PARAM_LENGTH: () => commonProblem('not-found'),
  FST_ERR_ASYNC_CONSTRAINT: () => commonProblem('not-found'),
  FST_ERR_NOT_FOUND: () => commonProblem('not-found'),
}

/** The stream of the request body broke off before its end. */
const BROKEN_OFF = new Set(['ECONNRESET', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE'])

export function problemOf(
  error: FastifyError | HttpProblem | Error,
  request: FastifyRequest,
  log: Logger,
): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof Fault && error.retryable) {
    log.warn({ event: 'http.refused', ...whereOf(request), ...errorFields(error) })
    return unavailable('nothing was stored; the same request may be sent again')
  }
  return callerProblem(error) ?? internal(error, request, log)
}

function callerProblem(error: FastifyError | Error): HttpProblem | null {
  if ('validation' in error && error.validation !== undefined) {
    return validationProblem(error.validation, error.validationContext)
  }
  const code = 'code' in error ? String(error.code) : ''
  const known = BY_CODE[code]
  if (known !== undefined) return known()
  if (code.startsWith('FST_ERR_CTP_')) return malformed('the body cannot be read', '', 'body')
  if (BROKEN_OFF.has(code) && 'statusCode' in error && error.statusCode === 400) {
    return malformed('the body broke off before its end', '', 'content-length')
  }
  return null
}

function internal(error: Error, request: FastifyRequest, log: Logger): HttpProblem {
  const errorId = randomUUID()
  log.error({ event: 'http.failed', errorId, ...whereOf(request), ...errorFields(error) })
  return commonProblem('internal', { extensions: { errorId } })
}

function whereOf(request: FastifyRequest) {
  return { route: request.routeOptions.url ?? 'none', method: request.method }
}
