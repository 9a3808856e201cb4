export * from './notice.ts'
export * from './notifier.ts'
