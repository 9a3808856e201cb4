import type { ApiAnswer } from '../../kit/messenger/index.ts'
import { exactJson } from './account.ts'

/** https://developers.viber.com/docs/api/rest-bot-api/#error-codes */
export const statuses = {
  ...{ ok: 0, invalidUrl: 1, invalidAuthToken: 2, badData: 3, missingData: 4, receiverNotRegistered: 5, receiverNotSubscribed: 6 },
  ...{ publicAccountBlocked: 7, publicAccountNotFound: 8, publicAccountSuspended: 9, webhookNotSet: 10, receiverNoSuitableDevice: 11 },
  ...{ tooManyRequests: 12, apiVersionNotSupported: 13, incompatibleWithVersion: 14, publicAccountNotAuthorized: 15 },
  ...{ inchatReplyMessageNotAllowed: 16, publicAccountIsNotInline: 17, noPublicChat: 18, cannotSendBroadcast: 19, broadcastNotAllowed: 20 },
  ...{ unsupportedCountry: 21, paymentUnsupported: 22, freeMessagesExceeded: 23, noBalance: 24, generalError: 99 },
} as const
export type StatusName = keyof typeof statuses

/** Viber says no: with HTTP 200, like everything. */
export class ViberError extends Error {
  override readonly name = 'ViberError'
  readonly status: StatusName
  constructor(status: StatusName, message: string = status) {
    super(message)
    this.status = status
  }
}
export function answerOf(status: StatusName, more: object = {}, message: string = status): ApiAnswer {
  const body = exactJson({ status: statuses[status], status_message: message, ...more })
  return { status: 200, bytes: { mime: 'application/json', body }, ...(status === 'ok' ? {} : { why: `${status}: ${message}` }) }
}
