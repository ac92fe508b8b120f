import { keyStoreContract } from './contract.ts'
import { MemoryKeys } from './memory.ts'

await keyStoreContract('memory', async () => new MemoryKeys())
