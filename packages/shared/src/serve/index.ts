export { connectorService, serve } from './connector.ts'
export { serveStorage, storageService } from './storage.ts'
