/** The log over stores in memory. */
import type { MessageLog } from './port.ts'
import { openStoreLog, type StoreLogOptions } from './store-log.ts'

export function openMemoryLog(options: StoreLogOptions): MessageLog {
  return openStoreLog(options)
}
