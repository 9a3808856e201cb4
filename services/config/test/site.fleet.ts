import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { eventually, eventualValue } from '@um/testing'
import type { Page } from 'playwright-core'
import { violations } from '../../../packages/lab/test/page-browser.ts'
import { buryMessage } from './support/dead-letter.ts'
import { prepareSite } from './support/page.ts'
import { fillSettings, logIn, tab } from './support/steps.ts'
import { storedTenant } from './support/stored.ts'
import { admin, type World } from './support/world.ts'

const site = prepareSite()
const soon = { withinMs: 20_000 }

interface Platform {
  id: string
  label: string
  role: string
  documents: unknown[]
  settings: { properties: Record<string, { type?: string; advanced?: boolean; generated?: string }> }
}
interface Listed {
  id: string
  name: string
  messaging: { type: string }
  cxPlatform: { type: string }
  status: { messaging: { status: string }; cxPlatform: { status: string } }
}
interface LabPhone {
  id: string
  guest: { id: string }
}

/** The tenants that this fleet can serve and the Lab can simulate: one per platform. */
async function servedTenants(world: World): Promise<Listed[]> {
  const { body } = await world.api<Listed[]>('GET', '/tenants')
  const running = new Set(world.fleet.paths.values())
  return body.filter(({ messaging }) => running.has(`${messaging.type}-connector`))
}
/** What the admin has to do at the platform's console (enter an address, install an app, give a permission) the Lab does for the tenant of its demo's name. */
async function connectAtConsole(world: World): Promise<void> {
  await world.lab.seed?.start()
  await eventually(() => world.lab.seed?.status.state === 'done', soon)
}
async function guestWrites(world: World, platform: string, text: string): Promise<LabPhone> {
  const phone = await world.control<LabPhone>('POST', '/phones', { platform })
  await world.control('POST', `/phones/${encodeURIComponent(phone.id)}/actions`, { do: 'text', text })
  return phone
}
async function deskHears(world: World, text: string): Promise<boolean> {
  const { items } = await world.control<{ items: { id: string }[] }>('GET', '/conversations')
  const timelines = await Promise.all(items.map(({ id }) => world.control<object>('GET', `/conversations/${encodeURIComponent(id)}`)))
  return timelines.some(timeline => JSON.stringify(timeline).includes(text))
}
async function expectAccessible(page: Page, where: string): Promise<void> {
  expect([where, ...(await violations(page))]).toEqual([where])
}

describe('logging in', () => {
  it('says what to do when the password is wrong, and leads to where one wanted to go when it is right', async () => {
    const { page, world } = await site.open()
    await page.goto(`${world.url}/settings`)
    await page.getByLabel('User name').fill(admin.user)
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill('not it')

    await page.getByRole('button', { name: 'Log in' }).click()

    await page.getByRole('alert').getByText('User name or password is wrong').waitFor()
    await expectAccessible(page, 'log in')
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill(admin.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor()
  })

  it('loads less than 300 kB for the first page, and nothing inline', async () => {
    const { page, world } = await site.open()
    let bytes = 0
    page.on('response', async response => {
      bytes +=
        (
          await response
            .request()
            .sizes()
            .catch(() => undefined)
        )?.responseBodySize ?? 0
    })
    await logIn(page, world.url)
    await page.waitForLoadState('networkidle')

    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(300_000)
    const policy = (await fetch(world.url, { headers: { accept: 'text/html' } })).headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
  })
})

describe('a tenant', () => {
  it('is made in the browser for every platform of the fleet, registers its webhook, and carries a message', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    const platforms = (await world.api<Platform[]>('GET', '/platforms')).body
    const tenants = await servedTenants(world)
    expect(tenants.length).toBeGreaterThan(0)
    for (const { id, name, messaging } of tenants) {
      const typed = await storedTenant(world, id)
      const fieldsOf = (type: string) => platforms.find(platform => platform.id === type)?.settings.properties ?? {}
      const labelOf = (type: string) => platforms.find(platform => platform.id === type)?.label ?? type

      // away with the seeded one: its account at the platform is needed
      await page.getByRole('link', { name, exact: true }).click()
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: 'Delete tenant' }).click()
      const confirmation = page.getByRole('alertdialog')
      await confirmation.getByText(`the webhook at ${labelOf(messaging.type)}`).waitFor()
      await confirmation.getByRole('button', { name: 'Delete tenant' }).click()
      await page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor()

      await page.getByRole('link', { name: 'Add tenant' }).first().click()
      await page.getByLabel('Tenant name').fill(name)
      await tab(page, 'API Authentication').click()
      await page.getByLabel('User name').fill('ivr')
      await page.getByRole('textbox', { name: 'Password' }).fill('a password for the IVR')
      await tab(page, 'CX Platform').click()
      await page.getByLabel('Platform', { exact: true }).selectOption(typed.cxPlatform.type)
      await fillSettings(page, '/cxPlatform/settings', fieldsOf(typed.cxPlatform.type), { ...typed.cxPlatform.settings, integrationName: name })
      await tab(page, 'Messaging').click()
      await page.getByLabel('Platform', { exact: true }).selectOption(messaging.type)
      await fillSettings(page, '/messaging/settings', fieldsOf(messaging.type), typed.messaging.settings)
      await page.getByRole('button', { name: 'Save' }).click()

      await page.getByRole('heading', { level: 1, name }).waitFor()
      await connectAtConsole(world)
      await page.locator('.page-head').getByText('Working').waitFor({ timeout: 30_000 })
      const text = `Is anybody there? ${messaging.type}`
      await guestWrites(world, messaging.type, text)
      await eventually(() => deskHears(world, text), { ...soon, what: `the message of ${messaging.type} at the desk` })
      await page.locator('.check-done').getByText('A guest’s message has arrived').waitFor({ timeout: 20_000 })
      await page.getByRole('link', { name: 'All tenants' }).click()
    }
    if (tenants.some(({ messaging }) => messaging.type === 'telegram'))
      expect(world.lab.telegram.accounts().every(({ webhook }) => webhook.url === `${world.url}/telegram`)).toBe(true)
  }, 240_000)

  it('says what is wrong with twenty fields at their twenty places', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    await page.goto(`${world.url}/tenants/new`)
    await page.getByLabel('Subscription identifier').fill('no identifier')
    await tab(page, 'Commander').click()
    await page.getByText('Use Commander', { exact: true }).click()
    await page.getByLabel('Commander prefix').fill('too long')
    await page.getByText('Default Commander', { exact: true }).click()
    await page.locator('[data-pointer="/commander/settings/clientId"] input').fill('letters')
    await page.locator('[data-pointer="/commander/settings/language"] input').fill('no language!')
    await tab(page, 'CX Platform').click()
    await page.locator('[data-pointer="/cxPlatform/settings/inboundFlowId"] input').fill('nothing')
    await page.locator('[data-pointer="/cxPlatform/settings/googleMapsHeight"] input').fill('9999')
    await page.locator('[data-pointer="/cxPlatform/settings/googleMapsWidth"] input').fill('0')
    await page.locator('[data-pointer="/cxPlatform/settings/googleMapsZoom"] input').fill('far')
    await tab(page, 'Messaging').click()
    await page.getByLabel('Platform', { exact: true }).selectOption('telegram')
    await page.locator('[data-pointer="/messaging/settings/apiToken"] input').fill('short')
    await page.getByRole('button', { name: 'Advanced' }).click()
    await page.locator('[data-pointer="/messaging/settings/maxConnections"] input').fill('101')
    await page.locator('[data-pointer="/messaging/settings/apiUrl"] input').fill('nowhere')
    await page.locator('[data-pointer="/messaging/settings/ipAddress"] input').fill('not one')

    await page.getByRole('button', { name: 'Save' }).click()

    await page
      .getByRole('alert')
      .getByText(/^\d+ fields need your attention$/)
      .waitFor()
    const announced = Number((await page.getByRole('alert').textContent())?.match(/\d+/)?.[0])
    expect(announced).toBeGreaterThanOrEqual(20)
    let shown = 0
    for (const name of ['General', 'API Authentication', 'CX Platform', 'Commander', 'Messaging']) {
      const count = Number((await tab(page, name).locator('.count').textContent())?.match(/\d+/)?.[0])
      await tab(page, name).click()
      await expect(page.locator('[role=tabpanel] .field-wrong').count()).resolves.toBe(count)
      await expectAccessible(page, `${name} with errors`)
      shown += count
    }
    expect(shown).toBe(announced)
    await page.locator('[data-pointer="/messaging/settings/maxConnections"]').getByText('must be at most 100').waitFor()
    // what is being corrected is not called wrong any more
    await page.locator('[data-pointer="/messaging/settings/maxConnections"] input').fill('50')
    await expect(page.locator('[data-pointer="/messaging/settings/maxConnections"].field-wrong').count()).resolves.toBe(0)
  }, 60_000)

  it('keeps what was typed over a reload, and asks before it is lost', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    await page.goto(`${world.url}/tenants/new`)
    await page.getByLabel('Tenant name').fill('Half a tenant')
    page.on('dialog', dialog => void dialog.accept())

    await page.reload()
    await expect(page.getByLabel('Tenant name').inputValue()).resolves.toBe('Half a tenant')
    await page.getByText('Your unsaved changes are back').waitFor()
    await page.getByRole('navigation').getByRole('link', { name: 'Storages' }).click()
    await page.getByRole('alertdialog').getByText('Leave without saving?').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { level: 1, name: 'Half a tenant' }).waitFor()
    await page.getByRole('navigation').getByRole('link', { name: 'Storages' }).click()
    await page.getByRole('button', { name: 'Leave and lose the changes' }).click()

    await page.getByRole('heading', { level: 1, name: 'Storages' }).waitFor()
  })

  it('shows what somebody else has saved meanwhile, and puts both together', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    const [tenant] = await servedTenants(world)
    const id = tenant?.id ?? ''
    await page.goto(`${world.url}/tenants/${id}`)
    await page.getByLabel('Subscription identifier').fill('f4de9900-c131-beef-dead-11654bcdc252')
    await world.api('PATCH', `/tenants/${id}`, { name: 'Renamed by another' })

    await page.getByRole('button', { name: 'Save' }).click()

    const dialog = page.getByRole('dialog', { name: 'Somebody else has saved this meanwhile' })
    await dialog.getByRole('cell', { name: 'Renamed by another' }).waitFor()
    await expectAccessible(page, 'conflict')
    await dialog.getByRole('button', { name: 'Combine' }).click()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('alert').getByText('Saved').waitFor()
    const { body } = await world.api<{ name: string; subscriptionId: string }>('GET', `/tenants/${id}`)
    expect(body).toMatchObject({ name: 'Renamed by another', subscriptionId: 'f4de9900-c131-beef-dead-11654bcdc252' })
  })

  it('is exported, imported and duplicated without its secrets', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    const [tenant] = await servedTenants(world)
    await page.goto(`${world.url}/tenants/${tenant?.id}`)
    await page.getByRole('button', { name: 'More actions' }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export as JSON' }).click()
    const file = await (await downloading).path()
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await page.getByRole('heading', { level: 1, name: `Copy of ${tenant?.name}` }).waitFor()
    await page.getByRole('button', { name: 'Discard changes' }).click()
    await page.getByRole('link', { name: 'All tenants' }).click()

    await page.getByLabel('Import', { exact: true }).setInputFiles(file)

    await page.getByRole('heading', { level: 1, name: tenant?.name ?? '' }).waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await tab(page, 'Messaging').locator('.count').waitFor()
    await tab(page, 'Messaging').click()
    await page.getByText('is not stored: type it').first().waitFor()
  })
})

describe('trouble', () => {
  it('of the connection is told in words, keeps what was typed, and passes', async () => {
    const { page, context, world } = await site.open()
    await logIn(page, world.url)
    const [tenant] = await servedTenants(world)
    await page.goto(`${world.url}/tenants/${tenant?.id}`)
    await page.getByLabel('Tenant name').fill('Typed without a connection')
    await context.setOffline(true)

    await page.getByRole('button', { name: 'Save' }).click()

    await page.getByRole('alert').getByText('The connection is lost').waitFor()
    await page
      .getByRole('alert')
      .getByText(/Check your network/)
      .waitFor()
    await expect(page.getByLabel('Tenant name').inputValue()).resolves.toBe('Typed without a connection')
    await context.setOffline(false)
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('alert').getByText('Saved').waitFor()
  })

  it('of an expired token asks for the password, and what was typed is still there', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    const [tenant] = await servedTenants(world)
    await page.goto(`${world.url}/tenants/${tenant?.id}`)
    await page.getByLabel('Tenant name').fill('Typed in an old session')
    const token = await page.evaluate(() => (JSON.parse(localStorage.getItem('um.session') ?? '{}') as { token: string }).token)
    await fetch(`${world.url}/api/v1/auth/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } })

    await page.getByRole('button', { name: 'Save' }).click()

    const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
    await dialog.waitFor()
    await expectAccessible(page, 'session ended')
    await dialog.getByRole('textbox', { name: 'Password', exact: true }).fill(admin.password)
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect(page.getByLabel('Tenant name').inputValue()).resolves.toBe('Typed in an old session')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('alert').getByText('Saved').waitFor()
  })
})

describe('settings', () => {
  it('take each kind of notifier, test it, change and delete it', async () => {
    const { page, world } = await site.open()
    const heard: string[] = []
    const receiver = createServer((req, res) => {
      heard.push(req.url ?? '')
      req.resume().on('end', () => res.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"success"}'))
    }).listen(0, '127.0.0.1')
    await eventually(() => receiver.listening)
    const address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`
    try {
      await logIn(page, world.url)
      await page.goto(`${world.url}/settings?section=notifiers`)
      const { body: types } = await world.api<Platform[]>('GET', '/notifier-types')
      for (const type of types) {
        await page.getByRole('button', { name: 'Add destination' }).click()
        const dialog = page.getByRole('dialog', { name: 'Add destination' })
        await dialog.getByLabel('Type').selectOption(type.id)
        const settings =
          'routingKey' in type.settings.properties ? { routingKey: 'a'.repeat(32), apiUrl: `${address}/${type.id}` } : { webhookUrl: `${address}/${type.id}` }
        await fillSettings(page, '/settings', type.settings.properties, settings)
        await dialog.getByRole('button', { name: 'Save' }).click()
        await dialog.waitFor({ state: 'detached' })
        await page.getByRole('button', { name: `Test ${type.label}, Default` }).click()
        await eventually(() => heard.some(url => url.startsWith(`/${type.id}`)), { what: `the notice to ${type.id}` })
        await page
          .getByRole('row', { name: new RegExp(`^${type.label}|${type.label}`) })
          .getByText('Delivered')
          .first()
          .waitFor()
      }
      await expectAccessible(page, 'notifiers')
      const first = types[0]?.label ?? ''
      await page.getByRole('button', { name: `Edit ${first}, Default` }).click()
      await page.getByRole('dialog').getByLabel('Topic').selectOption('Subscriptions')
      await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
      await page.getByRole('button', { name: `Delete ${first}, Subscriptions` }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Remove' }).click()
      await page.getByRole('button', { name: `Delete ${first}, Subscriptions` }).waitFor({ state: 'detached' })
      const { body } = await world.api<{ notifiers: unknown[] }>('GET', '/settings')
      expect(body.notifiers).toHaveLength(types.length - 1)
      await world.api('PUT', '/settings', { outboundProxy: null, notifiers: [], commander: {} })
    } finally {
      receiver.close()
      receiver.closeAllConnections()
    }
  }, 60_000)
})

describe('storages', () => {
  it('say their purge delay in words, and can be tried', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    await page.goto(`${world.url}/storages`)
    await page.getByRole('link', { name: 'Lab storage' }).click()
    await page.getByLabel('Purge delay').fill('5400')
    await page.getByText('about 1 hour, 30 minutes').waitFor()
    await page.getByRole('button', { name: 'Discard changes' }).click()

    await page.getByRole('button', { name: 'Try it' }).click()

    await page.getByText('The storage works').waitFor()
    await expectAccessible(page, 'storage')
  })
})

describe('status', () => {
  it('replays a dead letter, which then reaches the guest, and shows its journey', async () => {
    const { page, world } = await site.open()
    const tenant = (await servedTenants(world)).find(({ messaging }) => messaging.type === 'telegram')
    const phone = await guestWrites(world, 'telegram', 'I am waiting')
    await eventually(() => deskHears(world, 'I am waiting'), { ...soon, what: 'the message at the desk' })
    await buryMessage(world, {
      tenantId: tenant?.id ?? '',
      guest: phone.guest.id,
      platform: 'telegram',
      text: 'Here I am',
      why: 'Telegram did not answer for two days',
    })
    await logIn(page, world.url)
    await page.goto(`${world.url}/status`)
    await page.getByText('Telegram did not answer for two days').waitFor()
    await expectAccessible(page, 'status')

    await page.getByRole('checkbox', { name: 'Choose all' }).check()
    await page.getByRole('button', { name: 'Send again' }).click()

    await page.getByText('1 message is on its way again').waitFor()
    await eventually(async () => JSON.stringify(await world.control('GET', `/phones/${encodeURIComponent(phone.id)}`)).includes('Here I am'), soon)
    await page.goto(`${world.url}/journeys?search=${encodeURIComponent(phone.guest.id)}`)
    await page.getByText('Live', { exact: true }).waitFor()
    await page.getByRole('row').filter({ hasText: 'To the agent' }).first().getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'Journey of a message' }).waitFor()
    await page.getByText('Taken by the platform').first().waitFor()
    await expectAccessible(page, 'journey')
  }, 60_000)
})

describe('every page', () => {
  it('breaks no rule of accessibility, light and dark, wide and narrow', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)
    const [tenant] = await servedTenants(world)
    const places = [
      '/tenants',
      `/tenants/${tenant?.id}?tab=messaging`,
      '/storages',
      '/settings',
      '/settings?section=commander',
      '/settings?section=about',
      '/status',
      '/journeys',
      '/nowhere',
    ]
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.setViewportSize(colorScheme === 'light' ? { width: 1440, height: 900 } : { width: 360, height: 740 })
      for (const place of places) {
        await page.goto(world.url + place)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await page.locator('.loading').first().waitFor({ state: 'detached' })
        await expectAccessible(page, `${place} ${colorScheme}`)
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
        expect([place, overflow <= 0]).toEqual([place, true])
      }
    }
  }, 90_000)

  it('can be used with the keyboard alone', async () => {
    const { page, world } = await site.open()
    await page.goto(world.url)
    await page.getByLabel('User name').focus()
    await page.keyboard.type(admin.user)
    await page.keyboard.press('Tab')
    await page.keyboard.type(admin.password)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Tenants' }).waitFor()

    await page.keyboard.press('/')
    await page.keyboard.type('renamed')
    await page.keyboard.press('Escape')
    await page.getByRole('tablist').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: `User ${admin.user}` }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Change password' }).waitFor()
    await page.keyboard.press('Escape')

    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    expect(focused).toBe(`User ${admin.user}`)
  })

  it('speaks the language that is chosen, and remembers it', async () => {
    const { page, world } = await site.open()
    await logIn(page, world.url)

    await page.getByRole('button', { name: 'Language: English' }).click()
    await page.getByRole('menuitemradio', { name: '日本語' }).click()

    await page.getByRole('heading', { level: 1, name: 'テナント' }).waitFor()
    await expect(page.evaluate(() => document.documentElement.lang)).resolves.toBe('ja')
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'テナント' }).waitFor()
  })
})

describe('the password', () => {
  it('is measured with advice, changed, and counts from then on', async () => {
    const { page, world } = await site.open()
    const next = 'lantern-orbit-meadow-73'
    await logIn(page, world.url)
    await page.getByRole('button', { name: `User ${admin.user}` }).click()
    await page.getByRole('menuitem', { name: 'Change password' }).click()
    const dialog = page.getByRole('dialog', { name: 'Change password' })
    await dialog.getByRole('textbox', { name: 'Current password' }).fill(admin.password)
    await dialog.getByRole('textbox', { name: 'New password', exact: true }).fill('password1')
    await dialog.getByText('Very weak').waitFor()
    await dialog
      .getByText(/common password/)
      .first()
      .waitFor()
    await expectAccessible(page, 'password')
    await dialog.getByRole('textbox', { name: 'New password', exact: true }).fill(next)
    await dialog.getByText(/Very strong|Strong enough/).waitFor()
    await dialog.getByRole('textbox', { name: 'New password (again)' }).fill(next)

    await dialog.getByRole('button', { name: 'Change password' }).click()

    await dialog.getByText('The password is changed').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('button', { name: `User ${admin.user}` }).click()
    await page.getByRole('menuitem', { name: 'Log out' }).click()
    await logIn(page, world.url, next)
    const refused = await eventualValue(
      async () =>
        (await fetch(`${world.url}/api/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(admin) }))
          .status,
    )
    expect(refused).toBe(401)
  })
})
