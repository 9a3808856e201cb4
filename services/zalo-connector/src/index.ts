import { serve } from '@um/shared/serve'
import { zalo } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(zalo, implementation)
