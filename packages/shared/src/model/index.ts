export * from './content.ts'
export * from './envelope.ts'
export * from './ids.ts'
