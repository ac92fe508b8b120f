/** What the routes need from outside. */
import type { ServiceRuntime } from '@tongchou/runtime/service/definition.ts'
import type { Ledger } from './consume/journal.ts'
import type { SelfCheck } from './consume/self-check.ts'

export type BooksPorts = { readonly ledger: Ledger }
export type EntryPorts = BooksPorts & Pick<ServiceRuntime, 'store' | 'views'>
export type SelfCheckPort = { readonly selfCheck: SelfCheck }
