import { main } from '@tongchou/runtime/host/host.ts'
import { fraud } from './app.ts'

await main([fraud])
