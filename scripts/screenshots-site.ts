import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chromiumPath, eventually } from '@um/testing'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { buryMessage } from '../services/config/test/support/dead-letter.ts'
import { logIn, tab } from '../services/config/test/support/steps.ts'
import { admin, startWorld } from '../services/config/test/support/world.ts'

/** The pictures of the configuration site in docs/images, light and dark: the whole fleet with the Lab, a message each way, one that was given up. */
const target = join(import.meta.dirname, '../docs/images')
mkdirSync(target, { recursive: true })

const world = await startWorld()
const browser = await chromium.launch({
  executablePath: await chromiumPath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars'],
})
try {
  const { body: tenants } = await world.api<{ id: string; name: string; messaging: { type: string } }[]>('GET', '/tenants')
  const tenant = tenants.find(({ messaging }) => messaging.type === 'telegram')
  if (tenant === undefined) throw new Error('the Lab has no tenant on Telegram')
  const phone = await world.control<{ id: string; guest: { id: string } }>('POST', '/phones', { platform: 'telegram' })
  await world.control('POST', `/phones/${encodeURIComponent(phone.id)}/actions`, { do: 'text', text: 'Hi! My parcel has not come yet' })
  await eventually(async () => (await world.api<unknown[]>('GET', `/journeys?tenantId=${tenant.id}&state=done`)).body.length > 0, { withinMs: 20_000 })
  await buryMessage(world, {
    tenantId: tenant.id,
    guest: phone.guest.id,
    platform: 'telegram',
    text: 'It is on its way',
    why: 'Telegram did not answer for two days',
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme, locale: 'en-GB', reducedMotion: 'reduce' })
    await picture(context, colorScheme === 'light' ? '' : '-dark', tenant.id)
    await context.close()
  }
} finally {
  await browser.close()
  await world.stop()
}
process.exit()

async function picture(context: BrowserContext, suffix: string, tenantId: string): Promise<void> {
  const page = await context.newPage()
  const shoot = async (name: string) => {
    await page.screenshot({ path: join(target, `site-${name}${suffix}.png`) })
    process.stdout.write(`docs/images/site-${name}${suffix}.png\n`)
  }
  const visit = async (path: string, words: string) => {
    await page.goto(world.url + path)
    await page.getByText(words).first().waitFor()
    await page.waitForLoadState('load')
  }
  await page.goto(world.url)
  await page.getByLabel('User name').waitFor()
  await shoot('login')
  await logIn(page, world.url)
  await visit('/tenants', 'Acme on Telegram')
  await shoot('tenants')
  await visit(`/tenants/${tenantId}?tab=messaging`, 'Does it work?')
  await page.locator('.check-done').getByText('A guest’s message has arrived').waitFor()
  await shoot('tenant')
  await conflict(page, tenantId, shoot)
  await visit('/tenants/new', 'Tenant name')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').waitFor()
  await tab(page, 'CX Platform').click()
  await shoot('errors')
  await visit('/storages', 'Lab storage')
  await shoot('storages')
  await page.getByRole('link', { name: 'Lab storage' }).click()
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByText('The storage works').waitFor()
  await page.getByText('The storage works').scrollIntoViewIfNeeded()
  await shoot('storage')
  await visit('/settings', 'Proxy address')
  await shoot('settings')
  await visit('/settings?section=notifiers', 'Add destination')
  await page.getByRole('button', { name: 'Add destination' }).click()
  await page.getByRole('dialog').getByLabel('Type').selectOption('slack')
  await shoot('notifiers')
  await visit('/settings?section=about', 'Software of others')
  await shoot('about')
  await visit('/status', 'Telegram did not answer for two days')
  await shoot('status')
  await visit('/journeys', 'To the agent')
  await shoot('journeys')
  await page.getByRole('row').filter({ hasText: 'To the agent' }).first().getByRole('link').click()
  await page.getByText('Taken by the platform').first().waitFor()
  await shoot('journey')
  await page.getByRole('button', { name: `User ${admin.user}` }).click()
  await page.getByRole('menuitem', { name: 'Change password' }).click()
  await page.getByRole('textbox', { name: 'New password', exact: true }).fill('lantern orbit')
  await page
    .getByText(/strong|Weak|guess/i)
    .first()
    .waitFor()
  await shoot('password')
}

async function conflict(page: Page, tenantId: string, shoot: (name: string) => Promise<void>): Promise<void> {
  const { body: before } = await world.api<{ messaging: { prefixAgentName: boolean } }>('GET', `/tenants/${tenantId}`)
  await page.getByText('Show system messages').click()
  await world.api('PATCH', `/tenants/${tenantId}`, { messaging: { prefixAgentName: !before.messaging.prefixAgentName } })
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor()
  await shoot('conflict')
  await page.getByRole('button', { name: 'Reload' }).click()
}
