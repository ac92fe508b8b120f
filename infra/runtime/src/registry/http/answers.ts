/** What a registry answers, in the form that stock clients read. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { problemOf } from '../../http/errors.ts'
import { parseJsonBody } from '../../http/json-body.ts'
import type { HttpProblem } from '../../http/problem.ts'
import type { Http } from '../../http/server.ts'
import type { Logger } from '../../service/logger.ts'
import { RegistryRefusal } from '../rules/refusal.ts'
import { spellFlags } from './inputs.ts'

export const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json'
const TAKEN = [CONTENT_TYPE, 'application/vnd.schemaregistry+json', 'application/json']

/** Codes of what any door refuses, where they are not the status itself. */
const CODES: Readonly<Record<string, number>> = {
  unauthenticated: 40101,
  'not-allowed': 40301,
  unavailable: 50001,
}

/** Bodies and errors of this instance are those of a registry. */
export function speakRegistry(app: Http, logger: Logger): void {
  for (const type of TAKEN) {
    if (app.hasContentTypeParser(type)) app.removeContentTypeParser(type)
    app.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (request, bytes, done) => {
      try {
        // Clients name a content type where they send nothing.
        const nothing = bytes.length === 0 && request.method === 'DELETE'
        done(null, nothing ? undefined : parseJsonBody(bytes))
      } catch (error) {
        done(error instanceof Error ? error : new Error('not an error', { cause: error }))
      }
    })
  }
  app.addHook('preValidation', (request, _reply, done) => {
    spellFlags(request.query)
    done()
  })
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (reply.getHeader('content-type') !== undefined) reply.type(CONTENT_TYPE)
    done(null, payload)
  })
  app.setErrorHandler((error: Error, request, reply) =>
    error instanceof RegistryRefusal
      ? reply.code(error.status).send({ error_code: error.code, message: error.message })
      : sendProblem(reply, problemOf(error, request, logger), request),
  )
}

function sendProblem(reply: FastifyReply, problem: HttpProblem, { url }: FastifyRequest) {
  const { detail, retryAfterSeconds, headers, extensions } = problem.options
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds))
  if (headers !== undefined) reply.headers(headers)
  const errorId = extensions?.['errorId']
  const told = errorId === undefined ? '' : ` (${errorId})`
  return reply.code(problem.status).send({
    error_code: CODES[problem.kind] ?? problem.status,
    message: `${detail ?? problem.title}${told}: ${url.split('?', 1)[0]}`,
  })
}
