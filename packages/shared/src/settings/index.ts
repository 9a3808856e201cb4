export * from './documents.ts'
export * from './mask.ts'
export * from './seal.ts'
