import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { chromiumPath } from '@um/testing'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { admin, startWorld, type World } from './world.ts'

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

export async function logIn(page: Page, url: string, password = admin.password): Promise<void> {
  await page.goto(url)
  await page.getByLabel('User name').fill(admin.user)
  await page.getByRole('textbox', { name: 'Password', exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor()
}

export function tab(page: Page, name: string): Locator {
  return page.getByRole('tab', { name: new RegExp(`^${name}`) })
}

interface Property {
  type?: string
  title?: string
  advanced?: boolean
  generated?: string
  secret?: boolean
}
/** Types settings into the form that the catalog draws for them: everything that is not as a new form has it already. */
export async function fillSettings(page: Page, root: string, properties: Record<string, Property>, settings: Record<string, unknown>): Promise<void> {
  const wanted = Object.entries(settings).filter(([name]) => properties[name]?.generated === undefined)
  if (wanted.some(([name]) => properties[name]?.advanced === true)) await page.getByRole('button', { name: 'Advanced', exact: true }).click()
  for (const [name, value] of wanted) {
    const field = page.locator(`[data-pointer="${root}/${name}"]`)
    if (typeof value === 'boolean') {
      const control = field.getByRole('switch')
      if ((await control.isChecked()) !== value) await field.locator('.switch').click()
    } else if (typeof value === 'string' || typeof value === 'number') {
      const select = field.locator('select')
      if ((await select.count()) > 0) await select.selectOption(String(value))
      else await field.locator('input, textarea').first().fill(String(value))
    }
  }
}
