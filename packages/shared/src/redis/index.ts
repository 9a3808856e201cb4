export * from './client.ts'
export * from './lock.ts'
