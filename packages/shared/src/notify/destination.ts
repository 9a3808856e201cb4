import type { z } from 'zod'
import type { Notifier as NotifierDocument } from '../settings/index.ts'
import type { Notice, NoticeEvent, Severity } from './notice.ts'

/** One POST of JSON. */
export interface OutgoingRequest {
  url: string
  body: object
  /** sent instead, from then on for a day, when the first form is answered with 400 */
  alternative?: readonly OutgoingRequest[]
}

/** A vendor: what its destinations need, and how it shows a notice. All of it is pure. */
export interface DestinationKind<S extends z.ZodObject> {
  readonly label: string
  readonly settings: S
  /** shortest time between two requests to one destination */
  readonly spacingMilliseconds: number
  /** how long to wait after a 429 that does not say */
  readonly tooManySeconds?: number
  /** rendered whatever severity is asked for: `render` itself leaves out what is too light */
  readonly alwaysRendered?: readonly NoticeEvent[]
  /** the URL that an administrator gave */
  address(settings: z.infer<S>): string
  /** why that URL does not lead to the vendor */
  addressProblem(settings: z.infer<S>): AddressProblem | undefined
  /** its address for logs and people */
  masked(settings: z.infer<S>): string
  /** strings that answers must not repeat to people */
  secrets(settings: z.infer<S>): string[]
  render(notice: Notice, settings: z.infer<S>): OutgoingRequest[]
}
export interface AddressProblem {
  field: string
  detail: string
}

/** A destination that is ready to be sent to. */
export interface Destination {
  readonly id: string
  readonly type: NotifierDocument['type']
  readonly minSeverity: Severity
  readonly alwaysRendered: readonly NoticeEvent[]
  readonly masked: string
  readonly spacingMilliseconds: number
  readonly tooManySeconds: number | undefined
  render(notice: Notice): OutgoingRequest[]
  /** a text without the destination's secrets */
  redact(text: string): string
}
