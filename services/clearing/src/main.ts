import { main } from '@tongchou/runtime/host/host.ts'
import { clearing } from './app.ts'

await main([clearing])
