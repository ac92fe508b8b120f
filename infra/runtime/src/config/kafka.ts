/** Settings of the broker; without `TONGCHOU_KAFKA` consumers read the producers' stores. */
import type { ConfigOf } from './variables.ts'
import { choice, integer, optionalText, text } from './variables.ts'

export const KAFKA_VARIABLES = {
  brokers: optionalText({
    name: 'TONGCHOU_KAFKA',
    unit: 'addresses',
    bounds: 'host:port, several with commas between them',
    pattern: /^[^\s,:]+:\d{1,5}(,[^\s,:]+:\d{1,5})*$/,
    otherwise: 'no broker: the log is the producers’ own tables',
    describes: 'Kafka brokers between the services',
  }),
  client: choice({
    name: 'TONGCHOU_KAFKA_CLIENT',
    of: ['platformatic', 'kafkajs'],
    default: 'platformatic',
    describes: 'library that speaks to the brokers',
  }),
  mechanism: choice({
    name: 'TONGCHOU_KAFKA_SASL',
    of: ['none', 'plain', 'scram-sha-256', 'scram-sha-512'],
    default: 'none',
    describes: 'how this process proves to the brokers who it is',
  }),
  username: optionalText({
    name: 'TONGCHOU_KAFKA_USERNAME',
    unit: 'text',
    bounds: 'as the brokers know it',
    pattern: /^\S{1,256}$/,
    otherwise: 'none',
    describes: 'user for TONGCHOU_KAFKA_SASL',
  }),
  password: optionalText({
    name: 'TONGCHOU_KAFKA_PASSWORD',
    unit: 'text',
    bounds: 'as the brokers know it',
    pattern: /^.{1,1024}$/,
    secret: true,
    otherwise: 'none',
    describes: 'password for TONGCHOU_KAFKA_SASL',
  }),
  tls: choice({
    name: 'TONGCHOU_KAFKA_TLS',
    of: ['off', 'on'],
    default: 'off',
    describes: 'encrypt the way to the brokers',
  }),
  sendTimeoutMs: integer({
    name: 'TONGCHOU_KAFKA_SEND_TIMEOUT_MS',
    unit: 'ms',
    default: 5000,
    min: 100,
    max: 120_000,
    describes: 'a send that is not acknowledged by then is sent again by a new producer',
  }),
  sessionTimeoutMs: integer({
    name: 'TONGCHOU_KAFKA_SESSION_TIMEOUT_MS',
    unit: 'ms',
    default: 10_000,
    min: 6000,
    max: 300_000,
    describes: 'a replica that is silent for this time loses its partitions to the others',
  }),
  registry: optionalText({
    name: 'TONGCHOU_SCHEMA_REGISTRY',
    unit: 'URL',
    bounds: 'http(s)://host[:port][/path], without credentials',
    pattern: /^https?:\/\/[^\s?#@]+$/,
    otherwise: 'our own, at the door of clearing under /registry',
    describes: 'registry that speaks the Confluent API',
  }),
  registryToken: optionalText({
    name: 'TONGCHOU_SCHEMA_REGISTRY_TOKEN',
    unit: 'text',
    bounds: 'as the registry gives it',
    pattern: /^\S{1,8192}$/,
    secret: true,
    otherwise: 'none',
    describes: 'bearer token for TONGCHOU_SCHEMA_REGISTRY',
  }),
  organisation: text({
    name: 'TONGCHOU_ORGANISATION',
    unit: 'text',
    default: 'local',
    bounds: 'lower case letters, digits, hyphens',
    pattern: /^[a-z0-9-]{1,63}$/,
    describes: 'who runs this system; stands in ce_source of public records',
  }),
}

export type KafkaConfig = ConfigOf<typeof KAFKA_VARIABLES>
