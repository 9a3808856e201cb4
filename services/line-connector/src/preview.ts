import type { Page } from '@um/shared/contract'

/** LINE shows a picture in the place of a film until it is played, and contact centres give none: a grey one with a triangle (PNG, 160 x 90). */
export const previewPath = '/preview.png'
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAKAAAABaAQMAAAAFCM8RAAAABlBMVEUrLzb///9eY3WAAAAAXUlEQVR42u3SsQ3AIAwFUcoUSFnZo3kUj+DSRQRZ4IrfIBpf+YSEMB6j6671EE7CF9EJg7AIF+E2QidMwo9wIxphEBbhkk+GfLv8opSnZOrkS/5NVzdkylvXdSf6AQRsLtYHHZyHAAAAAElFTkSuQmCC',
  'base64',
)
export const pages: readonly Page[] = [
  {
    method: 'GET',
    path: previewPath,
    handle: async () => ({ status: 200, headers: { 'content-type': 'image/png', 'cache-control': 'public, max-age=86400' }, body: picture }),
  },
]
