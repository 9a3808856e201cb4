export * from './budget.ts'
export * from './gate.ts'
export * from './report.ts'
export * from './slots.ts'
