export * from './broker.ts'
export * from './errors.ts'
export type { PublishOptions } from './publisher.ts'
export * from './topology.ts'
