import { serve } from '@um/shared/serve'
import { line } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(line, implementation)
