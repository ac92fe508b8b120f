import type { Metrics } from '../service/metrics.ts'
import type { Http } from './server.ts'

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
