/**
 * Closing: the next number behind the last cut. Two at once: the store lets one of them through
 * (law 11).
 */
import type { Uuid } from '@tongchou/contracts/id.ts'
import { NAMESPACE, uuidFrom } from '@tongchou/contracts/id.ts'
import type { Caller } from '@tongchou/runtime/auth/caller.ts'
import { Fault } from '@tongchou/runtime/service/fault.ts'
import type { WindowHandler } from '../consume/clearing-window.ts'
import { metaOf } from '../door/submit.ts'
import { OWN_EVENTS } from '../door/view.ts'
import { windowProblem } from './problems.ts'
import type { WindowRoutePorts } from './routes.ts'
import { windowView } from './view.ts'

const CATCH_UP_MS = 2000
const MAX_ATTEMPTS = 20

export function windowIdOf(windowNo: number): Uuid {
  return uuidFrom(NAMESPACE.window, String(windowNo))
}

export function windowStream(handler: WindowHandler, windowNo: number): string {
  return handler.streamOf(windowIdOf(windowNo))
}

/** Number of the window that this call closed. */
export async function closeWindow(
  ports: WindowRoutePorts,
  label: string,
  caller: Caller,
): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    if (!(await ports.caughtUp(OWN_EVENTS, CATCH_UP_MS))) {
      throw new Fault('unavailable', 'the view of windows is behind')
    }
    const [last] = await ports.views.find(windowView, { descending: true, limit: 1 })
    const windowNo = Number(last?.windowNo ?? 0n) + 1
    const data = {
      windowId: windowIdOf(windowNo),
      windowNo,
      label,
      previousCut: last?.cutPosition ?? 0n,
    }
    const meta = metaOf(ports, caller)
    const stream = windowStream(ports.windows, windowNo)
    const { decision, position } = await ports.windows.handle(stream, {
      type: 'CloseWindow',
      data,
      meta,
    })
    if (decision.accepted && position !== null) return windowNo
    if (!decision.accepted && decision.refusal.kind !== 'window-number-taken') {
      throw windowProblem(decision.refusal)
    }
  }
  throw new Fault('contended', 'others keep closing windows')
}
