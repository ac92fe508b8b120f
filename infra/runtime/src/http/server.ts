/**
 * The HTTP ground of a service: strict bodies, problems, tokens, health, metrics, OpenAPI, graceful
 * close.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import underPressure from '@fastify/under-pressure'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import { fastify } from 'fastify'
import type { Authenticator } from '../auth/authenticator.ts'
import { addIdempotencyKeys } from '../idempotency/plugin.ts'
import type { IdempotencyKeys } from '../idempotency/port.ts'
import type { Health } from '../service/health.ts'
import type { Logger } from '../service/logger.ts'
import type { Metrics } from '../service/metrics.ts'
import { addAuthentication } from './authentication.ts'
import { addBodyParsers } from './body-parsers.ts'
import { problemOf } from './errors.ts'
import { addNotFound } from './not-found.ts'
import { addOpenApi } from './openapi.ts'
import { addOperatorRoutes, addRequestMetrics } from './operations.ts'
import { commonProblem, sendProblem, unavailable } from './problem.ts'
import { createValidatorCompiler, refuseNul } from './validation.ts'

export type Http = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyInstance {
    /** Where callers reach this service, without a slash at the end. */
    publicUrl: string
  }
  interface FastifyContextConfig {
    /** True: no token is asked for, and no load is shed (health, metrics, OpenAPI). */
    public?: boolean
    /** True: fractions in JSON bodies arrive as the text that was sent. */
    decimalsAsText?: boolean
  }
}

export type HttpOptions = {
  /** Service name, as in logs and metrics. */
  readonly name: string
  readonly version?: string
  readonly logger: Logger
  readonly metrics: Metrics
  /** Body of `GET /metrics`: the whole process's registry. */
  readonly metricsText: () => Promise<string>
  readonly health: Health
  readonly auth: Authenticator
  /** What stands under the keys that callers send with commands. */
  readonly idempotencyKeys: IdempotencyKeys
  readonly publicUrl: string
  readonly bodyLimitBytes: number
  /**
   * Mean event-loop delay over half a second above which requests are refused `unavailable`; 0 =
   * never.
   */
  readonly loopDelayMsMax?: number
  /** Time a request may take to arrive in full. */
  readonly requestTimeoutMs?: number
}

const LOOP_DELAY_MS_MAX = 500
/** A batch of 100,000 claims is one request; headers alone have a minute (Node's own limit). */
const REQUEST_TIMEOUT_MS = 3_600_000
const KEEP_ALIVE_MS = 72_000
const MAX_PARAM_LENGTH = 128

/**
 * Builds the server; routes are added to it afterwards, then `listen` or `inject`. Opens nothing.
 */
export async function buildHttp(options: HttpOptions): Promise<Http> {
  const app = createInstance(options)
  app.decorate('publicUrl', options.publicUrl.replace(/\/+$/, ''))
  app.setValidatorCompiler(createValidatorCompiler())
  // Reply schemas describe, they drop nothing.
  app.setSerializerCompiler(() => data => JSON.stringify(data))
  app.setErrorHandler((error: Error, request, reply) =>
    sendProblem(reply, problemOf(error, request, options.logger)),
  )
  addClosing(app)
  addRequestMetrics(app, options.metrics)
  await app.register(underPressure, {
    maxEventLoopDelay: options.loopDelayMsMax ?? LOOP_DELAY_MS_MAX,
    sampleInterval: 500,
    pressureHandler: shed,
  })
  addAuthentication(app, options.auth)
  refuseNul(app)
  addBodyParsers(app)
  addNotFound(app)
  await addOpenApi(app, options)
  addIdempotencyKeys(app, { ...options, keys: options.idempotencyKeys })
  addOperatorRoutes(app, options)
  return app
}

function createInstance(options: HttpOptions): Http {
  const { logger, bodyLimitBytes, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  const answer = (error: Error, request: FastifyRequest, reply: FastifyReply) => {
    sendProblem(reply, problemOf(error, request, logger))
  }
  return fastify({
    logger: false,
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: answer,
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return
      const large = error.code === 'HPE_HEADER_OVERFLOW'
      const status = large ? '431 Request Header Fields Too Large' : '400 Bad Request'
      const kind = large ? 'too-large' : 'malformed'
      const body = JSON.stringify({
        type: `${options.publicUrl.replace(/\/+$/, '')}/problems/${kind}`,
        title: commonProblem(kind).title,
        status: large ? 431 : 400,
      })
      socket.end(
        `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
}

/** Answer of the load shedder: public routes pass, so that operators still see what happens. */
function shed(request: FastifyRequest): void {
  if (request.routeOptions.config.public === true) return
  throw unavailable('the service is overloaded; nothing was stored')
}

/** From the first step of the close on, requests on open connections are sent elsewhere. */
function addClosing(app: Http): void {
  let closing = false
  app.addHook('preClose', done => {
    closing = true
    done()
  })
  app.addHook('onRequest', (_request, reply, done) => {
    if (!closing) return done()
    reply.header('connection', 'close')
    done(unavailable('the service stops; nothing was stored'))
  })
}

/**
 * Stops taking requests and waits for those under way; after `deadlineMs` their connections are
 * cut.
 */
export async function closeHttp(app: Http, deadlineMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), deadlineMs)
  try {
    await app.close()
  } finally {
    clearTimeout(timer)
  }
}
