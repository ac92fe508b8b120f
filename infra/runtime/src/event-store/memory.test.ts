import { eventStoreContract } from './contract.ts'
import { progressContract } from './contract-progress.ts'
import { openMemoryStore } from './memory.ts'

const open = async () => openMemoryStore()
eventStoreContract('memory', open)
progressContract('memory', open)
