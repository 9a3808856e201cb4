import { readFileSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import { chromiumPath } from '@um/testing'
import { temporaryFolder } from '@um/testing/temporary-folder'
import { build } from 'esbuild'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { type FakeLab, startFakeLab } from './page-fake-lab.ts'

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const source = join(import.meta.dirname, '../src/page')

interface PageWorld {
  browser: Browser
  /** the page, built once; each test has a Lab of its own */
  folder: string
  stop(): Promise<void>
}

async function startPageWorld(): Promise<PageWorld> {
  const folder = temporaryFolder('lab-page')
  await build({
    entryPoints: [join(source, 'main.tsx')],
    outdir: folder.path,
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  await copyFile(join(source, 'index.html'), join(folder.path, 'index.html'))
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: quiet })
  return {
    browser,
    folder: folder.path,
    async stop() {
      await browser.close()
      folder.remove()
    },
  }
}

interface OpenPage {
  lab: FakeLab
  page: Page
  /** errors that the browser told of: of scripts, of the content security policy, of files that did not load */
  errors: string[]
  close(): Promise<void>
}

async function openPage({ browser, folder }: PageWorld, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const lab = await startFakeLab(folder)
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const errors: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', error => errors.push(error.message))
  await page.goto(lab.url)
  await page.getByText('Live', { exact: true }).waitFor()
  return {
    lab,
    page,
    errors,
    async close() {
      await context.close()
      await lab.close()
    },
  }
}

interface Axe {
  run(options: { resultTypes: string[] }): Promise<{ violations: { id: string; nodes: { target: unknown[] }[] }[] }>
}
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Rules of WCAG that the page breaks as it is now, and where. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const { violations: found } = await page.evaluate(() => (window as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] }))
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`)
}

/** What may be scrolled sideways: rows of cards, tables, the tools of a small screen. */
const sideways = '.cards, .table-box, .tray-tools'

/** What is wider than its place: elements beyond the window's edge, and boxes that scroll sideways though they should not. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(allowed => {
    const name = (element: Element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`
    const all = [...document.querySelectorAll('body, body *')].filter(
      element => element.closest(allowed) === null && element.parentElement?.closest('svg') === null,
    )
    const beyond = all.filter(element => element.getBoundingClientRect().right > window.innerWidth + 1)
    const scrolling = all.filter(element => element.scrollWidth > element.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(element).overflowX))
    return [...beyond, ...scrolling].map(name)
  }, sideways)
}

/** The three parts of the page. */
export interface Parts {
  phone: Locator
  journey: Locator
  desk: Locator
}
export type StartedPage = OpenPage & Parts

/** For a test file: one browser for all its tests, a page and a Lab of its own for each, and no error of the browser left unseen. */
export function preparePages(): (options?: BrowserContextOptions) => Promise<StartedPage> {
  let world: PageWorld
  let open: OpenPage | undefined
  beforeAll(async () => {
    world = await startPageWorld()
  }, 120_000)
  afterAll(() => world?.stop())
  afterEach(async () => {
    const { errors = [] } = open ?? {}
    await open?.close()
    open = undefined
    // What a test brings about on purpose: a stream that is cut, and refused.
    expect(errors.filter(error => !error.includes('ERR_INCOMPLETE_CHUNKED_ENCODING') && !error.includes('503'))).toEqual([])
  })
  return async options => {
    const opened = await openPage(world, options)
    open = opened
    const { page } = opened
    return {
      ...opened,
      phone: page.getByRole('region', { name: 'Phone', exact: true }),
      journey: page.getByRole('region', { name: 'Journey', exact: true }),
      desk: page.getByRole('region', { name: 'Agent’s desk', exact: true }),
    }
  }
}

export async function write(page: Page, text: string): Promise<void> {
  const box = page.getByLabel('Message from the guest')
  await box.fill(text)
  await box.press('Enter')
}
export async function answer(page: Page, text: string): Promise<void> {
  const box = page.getByLabel('Reply of the agent')
  await box.fill(text)
  await box.press('Enter')
}
