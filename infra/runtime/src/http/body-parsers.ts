import { parseJsonBody } from './json-body.ts'
import { commonProblem } from './problem.ts'
import type { Http } from './server.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * The bytes of a JSON body as they came, for digests and signatures; null when there was none.
     */
    rawBody: Buffer | null
  }
}

export const NDJSON_CONTENT_TYPE = 'application/x-ndjson'

const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i

/**
 * JSON is parsed strictly; ndjson is handed over as the raw stream (`request.body` is a Readable).
 */
export function addBodyParsers(app: Http): void {
  app.decorateRequest('rawBody', null)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, bytes, done) => {
      try {
        refuseCharset(request.headers['content-type'])
        request.rawBody = bytes
        const { decimalsAsText = false } = request.routeOptions.config
        done(null, parseJsonBody(bytes, { decimalsAsText }))
      } catch (error) {
        done(error instanceof Error ? error : new Error('not an error', { cause: error }))
      }
    },
  )
  for (const type of [NDJSON_CONTENT_TYPE, 'application/ndjson']) {
    app.addContentTypeParser(type, (request, payload, done) => {
      try {
        refuseCharset(request.headers['content-type'])
        done(null, payload)
      } catch (error) {
        done(error instanceof Error ? error : new Error('not an error', { cause: error }))
      }
    })
  }
}

/** JSON between systems is UTF-8 (RFC 8259 §8.1). */
function refuseCharset(contentType: string | undefined): void {
  if (contentType === undefined || !contentType.includes(';')) return
  const charset = CHARSET.exec(contentType)?.[1]
  if (charset === undefined || /^utf-?8$/i.test(charset)) return
  throw commonProblem('unsupported-media-type', {
    detail: 'JSON is sent in UTF-8',
    extensions: { field: 'header.content-type', rule: 'charset: utf-8' },
  })
}
