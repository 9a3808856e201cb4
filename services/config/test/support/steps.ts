import type { Locator, Page } from 'playwright-core'
import { admin } from './world.ts'

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
