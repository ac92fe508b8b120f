import { main } from '@tongchou/runtime/host/host.ts'
import { providers } from './app.ts'

await main([providers])
