import { main } from '@tongchou/runtime/host/host.ts'
import { funds } from './app.ts'

await main([funds])
