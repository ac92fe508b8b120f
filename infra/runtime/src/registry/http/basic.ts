import type { Authenticator } from '../../auth/authenticator.ts'

/**
 * Takes a token as the password of Basic authentication too (the name does not matter): some
 * clients of registries know nothing else.
 */
export function withBasic(auth: Authenticator): Authenticator {
  return {
    verify: authorization => {
      const [scheme = '', credentials = ''] = (authorization ?? '').split(' ')
      if (scheme.toLowerCase() !== 'basic') return auth.verify(authorization)
      const text = Buffer.from(credentials, 'base64').toString('utf8')
      return auth.verify(`Bearer ${text.slice(text.indexOf(':') + 1)}`)
    },
  }
}
