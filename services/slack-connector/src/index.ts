import { serve } from '@um/shared/serve'
import { slack } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(slack, implementation)
