import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromiumPath, eventually } from '@um/testing'
import { chromium } from 'playwright-core'
import { startWorld } from '../packages/lab/test/support/world.ts'

/** The pictures of real pages in docs/images: the whole fleet with the Lab, a short conversation, light and dark, wide and narrow. */
const target = join(import.meta.dirname, '../docs/images')
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

mkdirSync(target, { recursive: true })
const world = await startWorld()
const browser = await chromium.launch({ executablePath: await chromiumPath(), args: quiet })
try {
  const phone = await world.phone('Lena Ruiz')
  await world.guest(phone, { do: 'text', text: 'Hi! My parcel has not come yet 📦' })
  await eventually(async () => (await world.conversation(phone)) !== undefined, { withinMs: 20_000 })
  const conversation = await world.conversation(phone)
  await world.agent(conversation, { do: 'text', text: 'Hello Lena, let me look. Which one is it?' })
  await world.agent(conversation, { do: 'quickReplies', text: 'Please choose:', options: [{ text: 'Order 4711' }, { text: 'Order 4712' }] })
  await eventually(async () => (await world.phoneEntries(phone)).some(entry => (entry.buttons ?? []).length > 0), { withinMs: 20_000 })
  const offer = (await world.phoneEntries(phone)).findLast(entry => (entry.buttons ?? []).length > 0)
  await world.guest(phone, { do: 'press', entry: offer?.id ?? '', button: offer?.buttons?.[0]?.[0]?.id ?? '' })
  await world.guest(phone, { do: 'location', latitude: 48.2082, longitude: 16.3738 })
  await eventually(async () => (await world.deskEntries(phone)).length >= 4, { withinMs: 20_000 })
  for (const [name, width, height, colorScheme] of [
    ['lab', 1440, 900, 'light'],
    ['lab-dark', 1440, 900, 'dark'],
    ['lab-phone', 390, 844, 'light'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: 1 })
    await page.goto(world.lab.url)
    await page.getByText('My parcel has not come yet').first().waitFor()
    await page.screenshot({ path: join(target, `${name}.png`) })
    await page.close()
    process.stdout.write(`docs/images/${name}.png\n`)
  }
} finally {
  await browser.close()
  await world.stop()
}
process.exit()
