export * from './file.ts'
export * from './kept-entry.ts'
export * from './kept-state.ts'
export * from './records.ts'
