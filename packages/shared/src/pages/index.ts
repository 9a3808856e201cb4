export * from './html.ts'
export * from './install.ts'
export * from './oauth.ts'
