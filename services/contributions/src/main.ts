import { main } from '@tongchou/runtime/host/host.ts'
import { contributions } from './app.ts'

await main([contributions])
