export * from './client.ts'
export * from './lock.ts'
export * from './script.ts'
