export * from './projection.ts'
export * from './reporting.ts'
