/** What a broker is told: KRaft, on loopback, every broker a controller too. Pure. */

export type Node = {
  readonly id: number
  readonly port: number
  readonly controllerPort: number
  /** Of the controller's log folder: 16 bytes, base64url. */
  readonly directoryId: string
  /** Where clients have a door of their own: what they are told leads to it through the caller. */
  readonly clients?: ClientDoor
}

export type ClientDoor = { readonly port: number; readonly toldPort: number }

export type Cluster = {
  readonly clusterId: string
  readonly nodes: readonly Node[]
  readonly locked?: LockedDoors
}

/** For tests: doors with locks, beside the open one of a single broker. */
export type LockedDoors = {
  /** By the name of the listener. */
  readonly doors: Readonly<Record<string, { readonly protocol: string; readonly port: number }>>
  /** Put over what brokers are told otherwise. */
  readonly settings: Readonly<Record<string, string>>
  /** Passwords for SCRAM-SHA-256, by name. */
  readonly users: Readonly<Record<string, string>>
}

const HOST = '127.0.0.1'
const PROTOCOLS = 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,CLIENTS:PLAINTEXT'
/** A killed broker is replaced as leader after this time, and may register again after it. */
const SESSION_MS = 3000

export function addressOf({ port }: Pick<Node, 'port'>): string {
  return `${HOST}:${port}`
}

/** Addresses of all brokers as clients are told them, with commas between them. */
export function bootstrapOf({ nodes }: Cluster): string {
  return nodes.map(({ port, clients }) => `${HOST}:${clients?.toldPort ?? port}`).join(',')
}

/** The `server.properties` of one broker. */
export function propertiesOf(cluster: Cluster, node: Node, folder: string): string {
  const count = cluster.nodes.length
  const replicas = Math.min(3, count)
  const inSync = replicas > 1 ? 2 : 1
  const own = `PLAINTEXT://${addressOf(node)},CONTROLLER://${controllerOf(node)}`
  const { clients } = node
  const door = (port: number) => `${own},CLIENTS://${HOST}:${port}`
  const locked = Object.entries(cluster.locked?.doors ?? {})
  const more = locked.map(([name, { port }]) => `,${name}://${HOST}:${port}`).join('')
  const protocols = locked.map(([name, { protocol }]) => `,${name}:${protocol}`).join('')
  const settings: Readonly<Record<string, string | number | boolean>> = {
    'process.roles': 'broker,controller',
    'node.id': node.id,
    listeners: `${clients === undefined ? own : door(clients.port)}${more}`,
    'advertised.listeners': `${clients === undefined ? own : door(clients.toldPort)}${more}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': `${PROTOCOLS}${protocols}`,
    'controller.quorum.bootstrap.servers': cluster.nodes.map(controllerOf).join(','),
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    'broker.session.timeout.ms': SESSION_MS,
    'broker.heartbeat.interval.ms': 500,
    ...cluster.locked?.settings,
  }
  return `${Object.entries(settings)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`
}

/** Arguments of StorageTool that make the log folder of a broker. */
export function formatArguments(cluster: Cluster, properties: string): readonly string[] {
  const quorum =
    cluster.nodes.length === 1
      ? ['--standalone']
      : ['--initial-controllers', cluster.nodes.map(controllerVoter).join(',')]
  const users = Object.entries(cluster.locked?.users ?? {}).flatMap(([name, password]) => [
    '--add-scram',
    `SCRAM-SHA-256=[name=${name},password=${password}]`,
  ])
  return ['format', ...quorum, '-t', cluster.clusterId, '-c', properties, ...users]
}

function controllerOf({ controllerPort }: Node): string {
  return `${HOST}:${controllerPort}`
}

function controllerVoter(node: Node): string {
  return `${node.id}@${controllerOf(node)}:${node.directoryId}`
}

/** To the console, which is the broker's log file. */
export const LOG4J = `status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
logger.server.name=kafka.server
logger.server.level=info
`
