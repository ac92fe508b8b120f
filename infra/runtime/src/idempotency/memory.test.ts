import { idempotencyKeysContract } from './contract.ts'
import { MemoryIdempotencyKeys } from './memory.ts'

await idempotencyKeysContract('memory', async () => new MemoryIdempotencyKeys())
