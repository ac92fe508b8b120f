/** Writes a pack as JSON that people can read: what fits on a line stands on one. */

const WIDTH = 100

export function printPack(document: unknown): string {
  return `${print(document, '', 0)}\n`
}

function print(value: unknown, indent: string, before: number): string {
  const flat = inline(value)
  if (indent.length + before + [...flat].length < WIDTH || !isTree(value)) return flat
  const inner = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map(member => `${inner}${print(member, inner, 1)}`)
    : members(value).map(([key, member]) => {
        const name = `${JSON.stringify(key)}: `
        return `${inner}${name}${print(member, inner, name.length + 1)}`
      })
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (!isTree(value)) return JSON.stringify(value)
  const inside = members(value).map(([key, member]) => `${JSON.stringify(key)}: ${inline(member)}`)
  return inside.length === 0 ? '{}' : `{ ${inside.join(', ')} }`
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function members(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, member]) => member !== undefined)
}
