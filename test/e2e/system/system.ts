/** All services over real HTTP and a real PostgreSQL, in this process, for the tests here. */
import { rmSync } from 'node:fs'
import { claims } from '@tongchou/claims/app.ts'
import { clearing } from '@tongchou/clearing/app.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { SERVICES } from '@tongchou/contracts/services.ts'
import { contributions } from '@tongchou/contributions/app.ts'
import { enrollment } from '@tongchou/enrollment/app.ts'
import { fraud } from '@tongchou/fraud/app.ts'
import { funds } from '@tongchou/funds/app.ts'
import { providers } from '@tongchou/providers/app.ts'
import type { Issuer } from '@tongchou/runtime/auth/issuer.ts'
import { openIssuer } from '@tongchou/runtime/auth/issuer.ts'
import type { Host } from '@tongchou/runtime/host/host.ts'
import { hostServices } from '@tongchou/runtime/host/host.ts'
import type { Hosted } from '@tongchou/runtime/host/hosted.ts'
import { testDatabase } from '@tongchou/runtime/postgres/testing.ts'
import type { ServiceDefinition } from '@tongchou/runtime/service/definition.ts'
import { temporaryFolder } from './folder.ts'
import type { Call, Reply } from './http.ts'
import { Caller } from './http.ts'
import { Stores } from './stores.ts'

export const DEFINITIONS: readonly ServiceDefinition[] = [
  enrollment,
  providers,
  contributions,
  claims,
  fraud,
  clearing,
  funds,
]

export type Address = {
  readonly service: ServiceName
  readonly path: string
  readonly url?: string
}

/** What a test's end needs: a `TestContext` of node:test, or `{ after }` of it for a whole file. */
export type EndOfTest = { readonly after: (fn: () => Promise<void>) => void }

export type SystemOptions = {
  /** A database of the test run unless told. */
  readonly databaseUrl?: string
  /** More replicas of the hospitals' door, each with its own pools, views and hot states. */
  readonly moreDoors?: number
  /** More replicas of all other services, which share the partitions with the first. */
  readonly moreWorkers?: number
  readonly env?: Readonly<Record<string, string>>
}

export class System {
  readonly dataDir: string
  readonly databaseUrl: string
  /** What really stands in the stores, read past the services. */
  readonly stores: Stores
  readonly #env: Record<string, string>
  readonly #issuer: Issuer
  readonly #caller: Caller
  readonly #more: readonly (readonly ServiceDefinition[])[]
  #hosts: Host[] = []

  constructor(parts: {
    readonly dataDir: string
    readonly databaseUrl: string
    readonly issuer: Issuer
    readonly options: SystemOptions
  }) {
    const { dataDir, databaseUrl, issuer, options } = parts
    this.dataDir = dataDir
    this.databaseUrl = databaseUrl
    this.#issuer = issuer
    this.#caller = new Caller(issuer)
    const { moreDoors = 0, moreWorkers = 0 } = options
    const workers = DEFINITIONS.filter(definition => definition !== clearing)
    this.#more = [
      ...Array.from({ length: moreDoors }, () => [clearing]),
      ...Array.from({ length: moreWorkers }, () => workers),
    ]
    this.stores = new Stores(databaseUrl)
    this.#env = {
      TONGCHOU_DATABASE_URL: databaseUrl,
      TONGCHOU_DATA_DIR: dataDir,
      TONGCHOU_LOG_LEVEL: 'silent',
      // Tests press harder than a shedder allows; what is shed is asked of the runtime's own tests.
      TONGCHOU_LOOP_DELAY_MS_MAX: '0',
      ...Object.fromEntries(SERVICES.map(name => [`TONGCHOU_${name.toUpperCase()}_PORT`, '0'])),
      ...options.env,
    }
  }

  /** The services of the first host, then the further replicas. */
  get hosted(): readonly Hosted[] {
    return this.#hosts.flatMap(({ services }) => services)
  }

  /** Addresses of every replica of the door. */
  get doors(): readonly string[] {
    const doors = this.hosted.filter(({ name }) => name === 'clearing')
    return doors.map(({ port }) => `http://127.0.0.1:${port}`)
  }

  async start(): Promise<void> {
    const host = await hostServices(DEFINITIONS, this.#env)
    this.#hosts.push(host)
    for (const { name, port } of host.services) {
      // Services ask each other at their addresses, which are known only now.
      this.#env[`TONGCHOU_${name.toUpperCase()}_URL`] = `http://127.0.0.1:${port}`
    }
    for (const definitions of this.#more) {
      this.#hosts.push(await hostServices(definitions, this.#env))
    }
  }

  async stop(): Promise<void> {
    const hosts = this.#hosts
    this.#hosts = []
    for (const host of hosts.toReversed()) await host.stop()
  }

  urlOf(service: ServiceName): string {
    const found = this.hosted.find(({ name }) => name === service)
    if (found === undefined) throw new Error(`${service} does not run`)
    return `http://127.0.0.1:${found.port}`
  }

  token(grant: Parameters<Caller['token']>[0]): Promise<string> {
    return this.#caller.token(grant)
  }

  /** A token as no caller should have it: expired, or of another kind. */
  get issuer(): Issuer {
    return this.#issuer
  }

  call(service: ServiceName, path: string, call: Call): Promise<Reply> {
    return this.#caller.call(`${this.urlOf(service)}${path}`, call)
  }

  /** A call to one replica of the door; 503 is an answer. */
  callAt(url: string, call: Call): Promise<Reply> {
    return this.#caller.call(url, call)
  }

  /** A call to one replica of the door, sent again after 503. */
  patientAt(url: string, call: Call): Promise<Reply> {
    return this.#caller.patient(url, call)
  }

  /** Stops everything and forgets the data. */
  async end(): Promise<void> {
    await this.stop()
    await this.stores.close()
    await this.#caller.close()
    rmSync(this.dataDir, { recursive: true, force: true })
  }
}

/** Running services on a database of their own; the end of the test stops them. */
export async function startSystem(t: EndOfTest, options: SystemOptions = {}): Promise<System> {
  const ends: (() => Promise<void>)[] = []
  const given = options.databaseUrl
  const databaseUrl = given ?? (await testDatabase({ after: fn => ends.push(fn) })).url
  const dataDir = temporaryFolder()
  const issuer = await openIssuer({ dataDir, issuer: 'tongchou', audience: 'tongchou' })
  const system = new System({ dataDir, databaseUrl, issuer, options })
  t.after(async () => {
    await system.end()
    for (const end of ends) await end()
  })
  await system.start()
  return system
}
