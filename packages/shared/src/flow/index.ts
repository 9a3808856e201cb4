export * from './budget.ts'
export * from './gate.ts'
export * from './report.ts'
