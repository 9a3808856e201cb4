export * from './html.ts'
export * from './oauth.ts'
