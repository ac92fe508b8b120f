/** `/asyncapi.json`, and the same to read at `/asyncapi`: as open as the OpenAPI document. */
import { type AsyncApiOptions, asyncApiDocument } from '@tongchou/contracts/public/asyncapi.ts'
import type { Http } from '../http/server.ts'
import { asyncApiPage } from './asyncapi-page.ts'

/** The page has a style of its own and nothing else: no script, no font, no other host. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

export function addAsyncApi(http: Http, options: AsyncApiOptions): void {
  const open = { config: { public: true }, schema: { hide: true } }
  const document = asyncApiDocument(options)
  const json = JSON.stringify(document)
  let page: string | null = null
  http.get('/asyncapi.json', open, (_, reply) =>
    reply.type('application/json; charset=utf-8').send(json),
  )
  http.get('/asyncapi', open, (_, reply) => {
    page ??= asyncApiPage(document)
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', POLICY)
      .send(page)
  })
}
