import { eventStoreContract } from './contract.ts'
import { openMemoryStore } from './memory.ts'

const open = async () => openMemoryStore()
eventStoreContract('memory', open)
