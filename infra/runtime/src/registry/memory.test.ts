import { registryContract } from './contract.ts'
import { MemoryRegistryLog } from './memory.ts'

await registryContract('memory', async () => {
  const log = new MemoryRegistryLog()
  return async () => log
})
