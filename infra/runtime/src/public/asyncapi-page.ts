/**
 * The AsyncAPI document as one page of tables. By hand, because the ready-made viewers bring a
 * hundred megabytes of packages and three of script for it.
 */
import type { AsyncApiDocument } from '@tongchou/contracts/public/asyncapi.ts'

type Channel = AsyncApiDocument['channels'][string]
type Message = AsyncApiDocument['components']['messages'][string]

const STYLE = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border: 1px solid #ccc }
th { background: #f3f3f3 } tr > th:first-child { white-space: nowrap }
code { font-size: 0.92em } h2 { border-top: 2px solid #888; padding-top: 1rem; margin-top: 2.5rem }
summary { cursor: pointer }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #16181b }
  th { background: #24272b } th, td { border-color: #444 } a { color: #8ab4f8 } }
`

export function asyncApiPage(document: AsyncApiDocument): string {
  const { info, servers, channels, components } = document
  const list = Object.entries(channels)
  const overview = list.map(([id, channel]) => [
    `<a href="#${escaped(id)}"><code>${escaped(channel.address)}</code></a>`,
    escaped(channel['x-kind']),
    escaped(channel.summary),
  ])
  const brokers = Object.values(servers).map(({ host, protocol, bindings }) => [
    code(host),
    code(protocol),
    code(bindings.kafka.schemaRegistryUrl),
  ])
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(info.title)}</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>
<h1>${escaped(info.title)} ${escaped(info.version)}</h1>
<p>The document itself, for machines: <a href="/asyncapi.json">/asyncapi.json</a> (AsyncAPI
${document.asyncapi}).</p>
${table(['topic', 'kind', 'what'], overview)}
${table(['broker', 'protocol', 'schema registry'], brokers)}
${markdown(info.description)}
${list.map(([id, channel]) => channelHtml(id, channel, components.messages)).join('')}
<h2 id="headers">Headers of every record</h2>
${headersHtml(Object.values(components.messages)[0])}
</body></html>
`
}

function channelHtml(id: string, channel: Channel, messages: Record<string, Message>): string {
  const { partitions, topicConfiguration } = channel.bindings.kafka
  const settings = Object.entries(topicConfiguration).map(([name, value]) => `${name}=${value}`)
  const rows = [
    ['Key', channel['x-key']],
    ['Order', channel['x-order']],
    ['Partitions', String(partitions)],
    ['Owner', channel['x-owner']],
    ['Classification', channel['x-classification']],
    ['Retention', channel['x-retention']],
    ['Replay', channel['x-replay']],
    ['Personal data', channel['x-personal-data']],
    ['Settings', settings.join(' · ')],
  ].map(row => row.map(cell => escaped(cell)))
  const shown = Object.keys(channel.messages).map(name => messageHtml(messages[name]))
  return `<h2 id="${escaped(id)}">${escaped(channel.address)}</h2>
<p>${escaped(channel.summary)}</p>
<table>${rows.map(([name, text]) => `<tr><th>${name}</th><td>${text}</td></tr>`).join('')}</table>
${shown.join('')}`
}

function messageHtml(message: Message | undefined): string {
  if (message === undefined) return ''
  const { name, summary, payload, headers } = message
  const type = headers.properties['ce_type']
  const ceType = type !== undefined && 'const' in type ? String(type.const) : ''
  const rows = fieldsOf(payload.schema, '').map(({ path, kind, doc }) => [
    code(path),
    code(kind),
    escaped(doc),
  ])
  return `<h3 id="${escaped(name)}">${escaped(name)}</h3>
<p>${escaped(summary)}<br>${code(ceType)}</p>
${table(['field', 'type', 'what'], rows)}
<details><summary>Avro schema</summary><p>${code(message['x-registry-subject'])}</p>
<pre><code>${escaped(JSON.stringify(payload.schema, null, 2))}</code></pre></details>`
}

function headersHtml(message: Message | undefined): string {
  const entries = Object.entries(message?.headers.properties ?? {})
  return table(
    ['header', 'what'],
    entries.map(([name, { description }]) => [code(name), escaped(description)]),
  )
}

type Field = { readonly path: string; readonly kind: string; readonly doc: string }
type Node = { readonly [name: string]: unknown }

/** The fields of a record and of those within it, with the way to them. */
function fieldsOf(schema: unknown, prefix: string): readonly Field[] {
  const { fields } = schema as Node
  if (!Array.isArray(fields)) return []
  return (fields as readonly Node[]).flatMap(({ name, type, doc }) => {
    const path = `${prefix}${name}`
    const inner = Array.isArray(type) ? type : [type]
    const nested = inner.flatMap(one => {
      const { items } = Object(one) as Node
      return items === undefined ? fieldsOf(Object(one), `${path}.`) : fieldsOf(items, `${path}[].`)
    })
    return [{ path, kind: kindOf(type), doc: String(doc ?? '') }, ...nested]
  })
}

function kindOf(type: unknown): string {
  if (typeof type === 'string') return type
  if (Array.isArray(type)) return type.map(kindOf).join(' | ')
  const { type: own, items, symbols, name, logicalType } = Object(type) as Node
  if (Array.isArray(symbols)) return symbols.join(' | ')
  if (items !== undefined) return `array of ${kindOf(items)}`
  return String(name ?? (logicalType === undefined ? own : `${own} (${logicalType})`))
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: string) =>
    `<tr>${row.map(cell => `<${tag}>${cell}</${tag}>`).join('')}</tr>`
  return `<table>${cells(heads, 'th')}${rows.map(row => cells(row, 'td')).join('')}</table>`
}

/** The little of Markdown that the description uses: headings, paragraphs, bold, code. */
function markdown(text: string): string {
  return text
    .split('\n\n')
    .map(block => escaped(block).replaceAll(/`([^`]+)`/g, '<code>$1</code>'))
    .map(block => block.replaceAll(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>'))
    .map(block => (block.startsWith('## ') ? `<h2>${block.slice(3)}</h2>` : `<p>${block}</p>`))
    .join('\n')
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, sign => ENTITIES[sign] ?? sign)
}
