export { type Consumption, consumeQueue, Unreadable } from '@um/shared/amqp'
