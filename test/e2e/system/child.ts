import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** What a test's end needs: `TestContext` of node:test has it. */
type EndOfTest = { readonly after: (fn: () => void) => void }

/** Runs this Node with arguments, until its end or that of the test: its code and all it said. */
export async function runNode(
  t: EndOfTest,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, args, { env })
  t.after(() => child.kill('SIGTERM'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      said += text
    })
  }
  const [code] = await once(child, 'close')
  return { code, said }
}
