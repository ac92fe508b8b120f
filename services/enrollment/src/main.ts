import { main } from '@tongchou/runtime/host/host.ts'
import { enrollment } from './app.ts'

await main([enrollment])
