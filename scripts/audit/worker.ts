/** A thread of the audit: passes the stores it is given, one after another. */
import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import type { Passed } from './pass.ts'
import type { SourceAddress } from './source/open.ts'

export type WorkerData = { readonly address: SourceAddress; readonly trusted: string | undefined }
export type ToWorker = { readonly service: ServiceName }
export type FromWorker =
  | { readonly kind: 'events'; readonly count: number }
  | { readonly kind: 'passed'; readonly passed: Passed }
  | { readonly kind: 'failed'; readonly message: string }

async function pass({ address, trusted }: WorkerData, service: ServiceName): Promise<void> {
  const { passStore } = await import('./pass.ts')
  const { openSource } = await import('./source/open.ts')
  const { trusting } = await import('./source/source.ts')
  const source = await openSource(address)
  const tell = (count: number): void => send({ kind: 'events', count })
  const passed = await passStore(trusting(source, trusted), service, tell)
  await source.close()
  send(
    { kind: 'passed', passed },
    passed.blocks.map(({ bytes }) => bytes.buffer),
  )
}

function send(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer)
}

// The services' code is read here for the first time: the second audit finds it compiled.
enableCompileCache()
parentPort?.on('message', ({ service }: ToWorker) => {
  pass(workerData as WorkerData, service).catch((error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    send({ kind: 'failed', message })
  })
})
