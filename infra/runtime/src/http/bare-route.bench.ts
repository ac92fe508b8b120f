/**
 * A Fastify route that takes the same body, gives the same answer and does nothing else: the
 * ceiling of `pnpm bench` for single requests. Runs as a process of its own; the answer is its
 * argument.
 */
import { fastify } from 'fastify'

const [answer = '{}'] = process.argv.slice(2)
const reply: unknown = JSON.parse(answer)
const app = fastify({ logger: false })
app.post('/v1/claims', async () => reply)
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ address })
process.once('disconnect', () => process.exit(0))
