import { serve } from '@um/shared/serve'
import { wechat } from './definition.ts'
import { implementation } from './implementation.ts'

await serve(wechat, implementation)
