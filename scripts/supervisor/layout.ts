import { type ServiceName, SERVICES as STORES } from '@tongchou/contracts/services.ts'

export type Service = ServiceName

/** In the order of their ports: the hospitals' door has the base port. */
export const SERVICES: readonly Service[] = [
  'clearing',
  ...STORES.filter(service => service !== 'clearing'),
]

export type ProcessPlan = { readonly name: string; readonly services: readonly Service[] }

const WORKERS = SERVICES.filter(service => service !== 'clearing')

/** The process with the hospitals' door comes first in each: it is the first one to be stopped. */
export const LAYOUTS = {
  two: [
    { name: 'door', services: ['clearing'] },
    { name: 'worker', services: WORKERS },
  ],
  one: [{ name: 'all', services: SERVICES }],
  each: SERVICES.map(service => ({ name: service, services: [service] })),
} satisfies Record<string, readonly ProcessPlan[]>
export type Layout = keyof typeof LAYOUTS

export type Ports = Readonly<Record<Service, number>>

/** Base port for clearing, the next ones for the others in the order of SERVICES. */
export function portsFrom(base: number): Ports {
  return Object.fromEntries(SERVICES.map((service, i) => [service, base + i])) as Ports
}

/** `TONGCHOU_<SERVICE>_PORT` of every service. */
export function portVariables(ports: Ports): Record<string, string> {
  const entries = SERVICES.map(service => [portVariable(service), String(ports[service])] as const)
  return Object.fromEntries(entries)
}

function portVariable(service: Service): string {
  return `TONGCHOU_${service.toUpperCase()}_PORT`
}
