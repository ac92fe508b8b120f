import { keyStoreContract } from './contract.ts'
import { MemoryKeys } from './memory.ts'

keyStoreContract('memory', async () => new MemoryKeys())
