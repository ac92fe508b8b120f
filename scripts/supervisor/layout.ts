import { type ServiceName, SERVICES as STORES } from '@tongchou/contracts/services.ts'

export type Service = ServiceName

/** In the order of their ports: the hospitals' door has the base port. */
export const SERVICES: readonly Service[] = [
  'clearing',
  ...STORES.filter(service => service !== 'clearing'),
]

export type ProcessPlan = { readonly name: string; readonly services: readonly Service[] }

/** With where the process finds all services, and its own ports among them. */
export type PlacedPlan = ProcessPlan & { readonly ports: Ports }

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

/** Those that hold the load; the others have one process each. */
const REPLICATED: readonly Service[] = ['clearing', 'claims', 'funds']
export const REPLICAS_MAX = 4
/** Ports that an instance may take from its base port on. */
export const PORTS = SERVICES.length + REPLICATED.length * (REPLICAS_MAX - 1)

export type Shape = {
  readonly layout: Layout
  /** Processes of each replicated service; with layout `each` only. */
  readonly replicas: number
  readonly basePort: number
}

/** Replicas take the ports behind those of the services, and are stopped after the first. */
export function plansOf({ layout, replicas, basePort }: Shape): readonly PlacedPlan[] {
  const ports = portsFrom(basePort)
  const first = LAYOUTS[layout].map(plan => ({ ...plan, ports }))
  if (layout !== 'each') return first
  const numbers = Array.from({ length: replicas - 1 }, (_, n) => n + 2)
  const more = numbers.flatMap(n => REPLICATED.map(service => ({ service, n })))
  return [
    ...first,
    ...more.map(({ service, n }, index) => ({
      name: `${service}-${n}`,
      services: [service],
      ports: { ...ports, [service]: basePort + SERVICES.length + index },
    })),
  ]
}

export type Door = { readonly name: string; readonly port: number }

/** Every door of the processes, by the name of its service or replica. */
export function doorsOf(plans: readonly PlacedPlan[]): readonly Door[] {
  return plans.flatMap(({ name, services, ports }) =>
    services.map(service => {
      const replica = services.length === 1 && name.startsWith(`${service}-`)
      return { name: replica ? name : service, port: ports[service] }
    }),
  )
}

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
