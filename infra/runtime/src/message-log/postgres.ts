/**
 * The log over the event tables of the producers, each in its own schema and perhaps in its own
 * database.
 */
import type { MessageLog } from './port.ts'
import { openStoreLog, type StoreLogOptions } from './store-log.ts'

export function openPostgresLog(options: StoreLogOptions): MessageLog {
  return openStoreLog(options)
}
