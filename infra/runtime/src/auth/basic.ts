/**
 * The header `authorization` with a token that was sent as the password of Basic authentication
 * (the name does not matter): some clients of registries know nothing else.
 */
export function bearerOf(authorization: string | undefined): string | undefined {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ')
  if (scheme.toLowerCase() !== 'basic') return authorization
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  return `Bearer ${text.slice(text.indexOf(':') + 1)}`
}
