import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { chromiumPath } from '@um/testing'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { startWorld, type World } from './world.ts'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What a test brings about on purpose. */
const expected = /status of (401|404|409|412|422)|ERR_INTERNET_DISCONNECTED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_ABORTED/

export interface OpenSite {
  page: Page
  context: BrowserContext
  world: World
}

/** For a test file: one fleet and one browser; a browser context of its own for each test; no error of the browser and no request to another host left unseen. */
export function prepareSite(): { open(options?: BrowserContextOptions): Promise<OpenSite>; world(): World } {
  let world: World
  let browser: Browser
  let context: BrowserContext | undefined
  let errors: string[] = []
  let strangers: string[] = []
  beforeAll(async () => {
    world = await startWorld()
    browser = await chromium.launch({ executablePath: await chromiumPath(), args: quiet })
  }, 150_000)
  afterAll(async () => {
    await browser?.close()
    await world?.stop()
  }, 60_000)
  afterEach(async () => {
    await context?.close()
    context = undefined
    expect(errors.filter(error => !expected.test(error))).toEqual([])
    expect(strangers).toEqual([])
  })
  return {
    world: () => world,
    async open(options = {}) {
      errors = []
      strangers = []
      context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce', ...options })
      const page = await context.newPage()
      page.setDefaultTimeout(10_000)
      page.on('console', message => {
        if (message.type() === 'error') errors.push(message.text())
      })
      page.on('pageerror', error => errors.push(error.message))
      page.on('request', request => {
        if (!request.url().startsWith(world.url) && !/^(data|blob):/.test(request.url())) strangers.push(request.url())
      })
      return { page, context, world }
    },
  }
}
