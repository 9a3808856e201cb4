import { serve } from '@um/shared/serve'
import { telegram } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(telegram, implementation)
