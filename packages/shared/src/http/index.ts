export * from './agents.ts'
export * from './call.ts'
export * from './media.ts'
export * from './private-addresses.ts'
