/** The services that hold a store, in the order in which facts flow. */
export const SERVICES = [
  'enrollment',
  'providers',
  'contributions',
  'claims',
  'fraud',
  'clearing',
  'funds',
] as const

export type ServiceName = (typeof SERVICES)[number]
