export * from './rotating.ts'
