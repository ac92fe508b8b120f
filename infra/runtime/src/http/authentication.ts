import { assert } from '@tongchou/contracts/decision.ts'
import type { FastifyRequest } from 'fastify'
import type { Authenticator } from '../auth/authenticator.ts'
import { bearerOf } from '../auth/basic.ts'
import type { Caller } from '../auth/caller.ts'
import type { Http } from './server.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks. Reading it on a public route is a bug. */
    readonly caller: Caller
    verifiedCaller: Caller | null
  }
  interface FastifyContextConfig {
    /** True: the token may come as the password of Basic authentication. */
    basic?: boolean
  }
}

/** Every route asks for a token unless its config says `public`. */
export function addAuthentication(app: Http, auth: Authenticator): void {
  app.decorateRequest('verifiedCaller', null)
  app.decorateRequest('caller', {
    getter(this: FastifyRequest) {
      assert(this.verifiedCaller !== null, 'a public route has no caller')
      return this.verifiedCaller
    },
  })
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.public === true || request.is404) return done()
    const { authorization } = request.headers
    const { basic = false } = request.routeOptions.config
    const caller = verified(auth, basic ? bearerOf(authorization) : authorization)
    if (caller instanceof Error) return done(caller)
    if (!(caller instanceof Promise)) {
      request.verifiedCaller = caller
      return done()
    }
    caller.then(
      found => {
        request.verifiedCaller = found
        done()
      },
      (error: Error) => done(error),
    )
  })
}

function verified(auth: Authenticator, authorization: string | undefined) {
  try {
    return auth.verify(authorization)
  } catch (error) {
    return error instanceof Error ? error : new Error('not an error', { cause: error })
  }
}
