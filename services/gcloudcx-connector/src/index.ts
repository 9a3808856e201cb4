import { serve } from '@um/shared/serve'
import { gcloudcx } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(gcloudcx, implementation)
