import { serve } from '@um/shared/serve'
import { viber } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(viber, implementation)
