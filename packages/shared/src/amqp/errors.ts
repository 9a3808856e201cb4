/** The broker cannot take it now and surely has not: away, blocked, or too much unconfirmed. Spool it or answer 503. */
export class BrokerAway extends Error {
  override readonly name = 'BrokerAway'
}
/** The connection broke before the confirm: it may have been taken. Publish again: consumers recognise the id. */
export class Unconfirmed extends Error {
  override readonly name = 'Unconfirmed'
}
/** Nobody has a queue for this routing key (the service it is for was never there). */
export class Unroutable extends Error {
  override readonly name = 'Unroutable'
}
