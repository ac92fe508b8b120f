/** The views of every service, without the rest of its code. */
import { VIEWS as claims } from '@tongchou/claims/views.ts'
import { VIEWS as clearing } from '@tongchou/clearing/views.ts'
import type { ServiceName } from '@tongchou/contracts/services.ts'
import { VIEWS as contributions } from '@tongchou/contributions/views.ts'
import { VIEWS as enrollment } from '@tongchou/enrollment/views.ts'
import { VIEWS as fraud } from '@tongchou/fraud/views.ts'
import { VIEWS as funds } from '@tongchou/funds/views.ts'
import { VIEWS as providers } from '@tongchou/providers/views.ts'
import type { AnyView } from '@tongchou/runtime/view/port.ts'

export const VIEWS_OF: Readonly<Record<ServiceName, readonly AnyView[]>> = {
  enrollment,
  providers,
  contributions,
  claims,
  fraud,
  clearing,
  funds,
}
