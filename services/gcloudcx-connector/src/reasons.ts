import type { ReasonCode } from '@um/shared/contract'

/** https://developer.genesys.cloud/commdigital/digital/openmessaging/inboundReceiptMessages */
const genesysReasons = {
  blocked: 'RecipientOptedOut',
  unknownGuest: 'InvalidDestination',
  content: 'MessageNotAllowed',
  tooLarge: 'InvalidMediaContentLength',
  mediaType: 'MediaTypeNotAllowed',
  unsupported: 'UnsupportedMessage',
  window: 'MessageNotAllowed',
  rateLimited: 'RateLimited',
  subscription: 'GeneralError',
  expired: 'MessageExpired',
  unavailable: 'ServerError',
  inDoubt: 'GeneralError',
  bug: 'ServerError',
} as const satisfies Record<ReasonCode, string>
export type GenesysReason = (typeof genesysReasons)[ReasonCode]

export function genesysReason(code: ReasonCode | undefined): GenesysReason {
  return code === undefined ? 'GeneralError' : genesysReasons[code]
}

const ourReasons: Readonly<Record<string, ReasonCode>> = {
  MessageExpired: 'expired',
  RateLimited: 'rateLimited',
  MessageNotAllowed: 'content',
  UnsupportedMessage: 'unsupported',
  UnknownMessage: 'content',
  InvalidMessageStructure: 'content',
  InvalidDestination: 'unknownGuest',
  ServerError: 'unavailable',
  MediaTypeNotAllowed: 'mediaType',
  InvalidMediaContentLength: 'tooLarge',
  RecipientOptedOut: 'blocked',
  DataFiltered: 'content',
}
/** Nothing for GeneralError and words that we do not know: the message beside them says more. */
export function reasonCode(code: string | undefined): ReasonCode | undefined {
  return code === undefined || !Object.hasOwn(ourReasons, code) ? undefined : ourReasons[code]
}
