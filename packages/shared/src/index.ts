export * from './contract/index.ts'
export * from './model/index.ts'
