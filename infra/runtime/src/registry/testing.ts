/** A registry in memory with an issuer of its own, for tests. */
import { createTestIssuer } from '../auth/issuer.ts'
import { MemoryIdempotencyKeys } from '../idempotency/memory.ts'
import { createHealth } from '../service/health.ts'
import { createLogger } from '../service/logger.ts'
import { createMetricsRegistry } from '../service/metrics.ts'
import { buildRegistry } from './http/app.ts'
import { MemoryRegistryLog } from './memory.ts'
import type { RegistryLog } from './port.ts'

export async function createTestRegistry(log: RegistryLog = new MemoryRegistryLog()) {
  const issuer = await createTestIssuer()
  const registry = createMetricsRegistry()
  const app = await buildRegistry({
    log,
    logger: createLogger({ service: 'registry', level: 'silent' }),
    metrics: registry.forService('registry'),
    metricsText: registry.text,
    health: createHealth(),
    idempotencyKeys: new MemoryIdempotencyKeys(),
    auth: issuer.auth,
    publicUrl: 'https://registry.test',
    bodyLimitBytes: 65_536,
    loopDelayMsMax: 0,
  })
  const grant = { subject: 'test', ttlSeconds: 600 }
  return {
    app,
    serviceToken: await issuer.issueToken({ ...grant, role: 'service' }),
    readerToken: await issuer.issueToken({ ...grant, role: 'auditor' }),
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    close: async () => {
      await app.close()
      await registry.close()
    },
  }
}
