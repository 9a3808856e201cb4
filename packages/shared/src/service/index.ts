export * from './environment.ts'
export * from './service.ts'
export { version } from './version.ts'
