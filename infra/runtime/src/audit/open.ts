/**
 * The checkpoints of a hosted service: signed behind its store, told by health, metrics, log and
 * HTTP.
 */
import { type Instant, instantFromMs } from '@tongchou/contracts/time.ts'
import type { EventStore } from '../event-store/port.ts'
import type { Http } from '../http/server.ts'
import type { Health, PartState } from '../service/health.ts'
import { errorFields, type Logger } from '../service/logger.ts'
import type { Metrics } from '../service/metrics.ts'
import { Checkpointer } from './checkpointer.ts'
import { addCheckpointRoutes } from './routes.ts'
import { openSigningKey } from './signing-key.ts'

const CHECK = 'store-equals-checkpoint'

export type CheckpointParts = {
  readonly name: string
  readonly store: EventStore
  readonly dataDir: string
  readonly http: Http
  readonly health: Health
  readonly logger: Logger
  readonly metrics: Metrics
  readonly clock?: () => Instant
}

/**
 * Adds its route, so it is called before the server listens; stopped before the store is closed.
 */
export async function openCheckpoints(parts: CheckpointParts): Promise<Checkpointer> {
  const { name, store, dataDir, http, logger } = parts
  const { clock = () => instantFromMs(Date.now()) } = parts
  const key = await openSigningKey(dataDir)
  const checkpointer = new Checkpointer({
    ...{ service: name, store, dataDir, key, clock },
    onAlarm: alarm => logger.error({ event: 'checkpoint.differed', ...errorFields(alarm) }),
    onFault: fault => logger.warn({ event: 'checkpoint.failed', ...errorFields(fault) }),
    onSigned: ({ size }) => logger.debug({ event: 'checkpoint.signed', position: size }),
  })
  addCheckpointRoutes(http, checkpointer, key)
  tell(checkpointer, parts)
  return checkpointer
}

function tell(checkpointer: Checkpointer, { health, metrics }: CheckpointParts): void {
  health.register({ name: 'checkpoints', check: () => stateOf(checkpointer) })
  metrics.gauge('selfCheck', () => {
    if (!checkpointer.compared() && checkpointer.alarm() === null) return []
    return [{ value: checkpointer.alarm() === null ? 1 : 0, labels: { check: CHECK } }]
  })
  metrics.gauge('merkleSize', () => {
    const size = checkpointer.treeSize()
    return size === null ? [] : [{ value: size, labels: {} }]
  })
  metrics.gauge('checkpointAge', () => [{ value: checkpointer.waitingSeconds(), labels: {} }])
}

function stateOf(checkpointer: Checkpointer): PartState {
  const alarm = checkpointer.alarm()
  if (alarm !== null) return { ready: false, detail: alarm.message }
  if (checkpointer.compared()) return { ready: true }
  return { ready: false, detail: 'the store is not compared with its last checkpoint yet' }
}
