import type { Health } from '../service/health.ts'
import type { Metrics } from '../service/metrics.ts'
import { METRICS_CONTENT_TYPE } from '../service/metrics.ts'
import type { Http } from './server.ts'

const HIDDEN = { config: { public: true }, schema: { hide: true } } as const

/** `/health/live`, `/health/ready` (200 or 503, each part by name) and `/metrics`. No token. */
export function addOperatorRoutes(
  app: Http,
  options: { readonly health: Health; readonly metricsText: () => Promise<string> },
): void {
  app.get('/health/live', HIDDEN, () => ({ live: true }))
  app.get('/health/ready', HIDDEN, (_request, reply) => {
    const report = options.health.report()
    return reply.code(report.ready ? 200 : 503).send(report)
  })
  app.get('/metrics', HIDDEN, async (_request, reply) =>
    reply.type(METRICS_CONTENT_TYPE).send(await options.metricsText()),
  )
}
type Recorder = (seconds: number) => void

/**
 * Duration of every answer by route pattern, method and status; the recorders are kept, not made
 * again.
 */
export function addRequestMetrics(app: Http, metrics: Metrics): void {
  const recorders = new Map<string, Recorder>()

  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request
    const route = request.routeOptions.url ?? 'none'
    const key = `${reply.statusCode} ${method} ${route}`
    let record = recorders.get(key)
    if (record === undefined) {
      record = metrics.histogram('httpDuration', { route, method, status: `${reply.statusCode}` })
      recorders.set(key, record)
    }
    record(reply.elapsedTime / 1000)
    done()
  })
}
