import swagger from '@fastify/swagger'
import { told } from '../idempotency/told.ts'
import type { Http } from './server.ts'
import { closed } from './validation.ts'

/** `GET /openapi.json`: OpenAPI 3.1 of all routes that carry a schema and do not say `hide`. */
export async function addOpenApi(
  app: Http,
  options: { readonly name: string; readonly version?: string },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `Tongchou ${options.name}`, version: options.version ?? '0.1.0' },
      servers: [{ url: app.publicUrl }],
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
      security: [{ bearer: [] }],
    },
    transform: ({ schema, url, route }) => {
      const whole = told(schema, route)
      return whole.body === undefined
        ? { schema: whole, url }
        : { schema: { ...whole, body: closed(whole.body) }, url }
    },
  })
  let text: string | null = null
  app.get('/openapi.json', { config: { public: true }, schema: { hide: true } }, (_, reply) => {
    text ??= JSON.stringify(app.swagger())
    return reply.type('application/json; charset=utf-8').send(text)
  })
}
