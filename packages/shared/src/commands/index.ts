export * from './catalog.ts'
export * from './client.ts'
export * from './consumer.ts'
