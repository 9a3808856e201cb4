import { serveStorage } from '@um/shared/serve'
import { aws } from './definition.ts'
import { provider } from './provider.ts'

await serveStorage(aws, provider)
