import type { StorageImplementation } from '@um/shared/contract'
import { advise, classify } from './errors.ts'
import { presignedUrl } from './presign.ts'
import { removeObjects } from './removal.ts'
import { putObject } from './upload.ts'
import { publicUrl, type Settings } from './urls.ts'

export const provider: StorageImplementation<Settings> = {
  put: putObject,
  url: async (key, settings, ctx) => (settings.accessMode === 'presigned' ? presignedUrl(key, settings, ctx) : { url: publicUrl(key, settings) }),
  remove: removeObjects,
  classify,
  advice: advise,
}
