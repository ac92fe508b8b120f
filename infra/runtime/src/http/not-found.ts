import type { HTTPMethod } from 'find-my-way'
import findMyWay from 'find-my-way'
import { commonProblem } from './problem.ts'
import type { Http } from './server.ts'

/**
 * Unknown addresses are 404; a known address with another method is 405 and says which it takes.
 */
export function addNotFound(app: Http): void {
  const router = findMyWay({ maxParamLength: 128 })
  const methods = new Set<HTTPMethod>()
  app.addHook('onRoute', ({ url, method }) => {
    for (const one of Array.isArray(method) ? method : [method]) {
      const known = one as HTTPMethod
      methods.add(known)
      if (!router.hasRoute(known, url)) router.on(known, url, nothing)
    }
  })
  app.setNotFoundHandler(request => {
    const path = request.url.split('?', 1)[0] ?? '/'
    const allowed = [...methods].filter(method => router.find(method, path))
    if (allowed.length === 0) throw commonProblem('not-found')
    throw commonProblem('method-not-allowed', {
      extensions: { allowed },
      headers: { allow: allowed.join(', ') },
    })
  })
}

function nothing(): void {}
