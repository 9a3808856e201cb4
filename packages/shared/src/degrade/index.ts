export * from './degrade.ts'
export * from './describe.ts'
export * from './offers.ts'
export * from './split.ts'
