import { describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { answer, preparePages, tooWide, violations, write } from './page-browser.ts'

const start = preparePages()

describe('a newcomer', () => {
  it('is told what to do, and can do it at once', async () => {
    const { page, lab, phone, journey, desk } = await start()
    await page.getByRole('heading', { name: 'Write a message on the phone' }).waitFor()

    await write(page, 'Hello, is anybody there?')

    await desk.getByText('Hello, is anybody there?').last().waitFor()
    await phone.getByText('Hello, is anybody there?').waitFor()
    await journey.getByRole('button', { name: /Hello, is anybody there\?.*Arrived/ }).waitFor()
    await journey.getByText('Shown to the agent').waitFor()
    expect(lab.world.phones.size).toBe(1)
  })

  it('may write a second message while the first one still makes its guest', async () => {
    const { page, lab, phone } = await start()
    let letGo = () => {}
    const held = new Promise<void>(resolve => {
      letGo = resolve
    })
    await page.route('**/lab/api/phones', async route => {
      await held
      await route.continue()
    })

    await write(page, 'first')
    await write(page, 'second')
    letGo()

    await phone.getByText('second').waitFor()
    expect(lab.world.phones.size).toBe(1)
    expect(lab.world.guestActions).toEqual([
      { do: 'text', text: 'first' },
      { do: 'text', text: 'second' },
    ])
    expect(await page.getByLabel('Message from the guest').evaluate(box => box === document.activeElement)).toBe(true)
  })
})

describe('the connection', () => {
  it('is marked stale when it is lost, and catches up by itself', async () => {
    const { page, lab, desk } = await start()
    await write(page, 'Hello')
    await desk.getByRole('article').getByText('Hello').waitFor()
    const [guest] = lab.world.phones.values()

    lab.accept(false)
    await page.getByText('Connection lost').waitFor()
    await page.getByRole('alert').getByText('The connection to the Lab is lost').waitFor()
    if (guest !== undefined) lab.world.actAsGuest(guest, { do: 'text', text: 'missed meanwhile' })
    lab.accept(true)

    await desk.getByRole('article').getByText('missed meanwhile').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await desk.getByRole('article').count()).toBe(2)
  })
})

describe('everyone', () => {
  it('can do it all from the keyboard', async () => {
    const { page, lab, desk, journey } = await start()
    const focusOn = async (name: string | RegExp, role: 'button' | 'textbox' | 'switch') => {
      const wanted = page.getByRole(role, { name }).first()
      for (let step = 0; step < 80; step += 1) {
        if (await wanted.evaluate(element => element === document.activeElement)) return
        await page.keyboard.press('Tab')
      }
      throw new Error(`Tab never came to ${String(name)}`)
    }

    await focusOn('Message from the guest', 'textbox')
    await page.keyboard.type('No mouse here')
    await page.keyboard.press('Enter')
    await desk.getByRole('article').getByText('No mouse here').waitFor()
    await page.keyboard.press('Escape')
    await focusOn('Reply with something else', 'button')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await eventually(async () => expect(await page.getByLabel('Reply of the agent').evaluate(box => box === document.activeElement)).toBe(true))
    await page.keyboard.type('None needed')
    await page.keyboard.press('Enter')
    await desk.locator('summary', { hasText: 'Delivered' }).waitFor()
    await focusOn(/^Faults/, 'button')
    await page.keyboard.press('Enter')
    await focusOn('Slow', 'switch')
    await page.keyboard.press('Space')
    await page.getByText('Telegram: Slow').waitFor()
    await page.keyboard.press('Escape')
    await eventually(async () => expect(await page.getByRole('button', { name: /^Faults/ }).getAttribute('aria-expanded')).toBe('false'))
    await page.keyboard.press('/')
    await page.keyboard.type('none needed')

    await eventually(async () => expect(await journey.getByRole('listitem').filter({ hasText: 'hops' }).count()).toBe(1))
    expect(lab.world.faults.map(fault => fault.kind)).toEqual(['slow'])
  })

  it('hears what comes in', async () => {
    const { page, lab } = await start()
    await write(page, 'Hello')
    const log = page.getByRole('log', { name: 'Incoming messages' })
    const [guest] = lab.world.phones.values()

    await answer(page, 'Good morning')

    await log.getByText('On the phone: Good morning').waitFor({ state: 'attached' })
    if (guest !== undefined) lab.world.actAsGuest(guest, { do: 'text', text: 'And to you' })
    await log.getByText(`At the desk, ${guest?.guest.name}: And to you`).waitFor({ state: 'attached' })
    expect(await log.getAttribute('aria-live')).toBe('polite')
  })

  it.each(['light', 'dark'] as const)('finds no barrier that axe knows, in %s colours', async colorScheme => {
    const { page, phone, desk } = await start({ colorScheme })
    const found: string[] = []
    const look = async (where: string) => found.push(...(await violations(page)).map(violation => `${where}: ${violation}`))

    await look('empty')
    await write(page, 'Hello https://example.com')
    await desk.getByRole('article').getByText('Hello').waitFor()
    await page.getByLabel('Send something else').click()
    await look('attach')
    await page.getByRole('button', { name: 'Photo: take a sample' }).click()
    await page.getByLabel('Message from the guest').press('Enter')
    await page.getByLabel('Reply with something else').click()
    await look('reply menu')
    await page.getByRole('button', { name: 'Carousel' }).click()
    await look('carousel form')
    await page.getByRole('button', { name: 'Send carousel' }).click()
    await phone.getByText('Ridge lodge').waitFor()
    await page.getByRole('button', { name: 'Faults' }).click()
    await page.getByRole('switch', { name: 'Too many requests (429)' }).click()
    await answer(page, 'One moment')
    await page.getByText(/Stuck because/).waitFor()
    await page.getByRole('button', { name: /guest: One moment/ }).click()
    await look('faults')
    for (const tool of ['Replay', 'Traffic', 'Status']) {
      await page.getByRole('button', { name: tool, exact: true }).click()
      await look(tool)
    }
    await page.getByRole('button', { name: 'New guest' }).click()
    await look('dialog')

    expect(found).toEqual([])
  })

  it('chooses light or dark, which stays', async () => {
    const { page } = await start({ colorScheme: 'light' })
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await background()

    await page.getByRole('button', { name: /Switch to light/ }).click()
    await page.getByRole('button', { name: /Switch to dark/ }).click()
    const dark = await background()
    await page.reload()

    expect(dark).not.toBe(light)
    await eventually(async () => expect(await background()).toBe(dark))
  })
})

describe('on a small screen', () => {
  it.each([360, 390])('of %d pixels nothing is cut, and what came elsewhere is counted on its tab', async width => {
    const { page, lab } = await start({ viewport: { width, height: 740 } })
    await write(page, `A message with averyveryverylongwordthatnobodywouldeverwritebutsomebodydoes`)
    await page.getByRole('tab', { name: 'Desk 1 new' }).waitFor()
    const wide = { phone: await tooWide(page) } as Record<string, string[]>

    await page.getByRole('tab', { name: 'Desk' }).click()
    await page.getByLabel('Reply with something else').click()
    await page.getByRole('button', { name: 'Carousel' }).click()
    await page.getByRole('button', { name: 'Send carousel' }).click()
    await page.locator('summary', { hasText: 'Delivered' }).waitFor()
    wide.desk = await tooWide(page)
    await page.getByRole('tab', { name: 'Phone 1 new' }).click()
    await page.getByText('Ridge lodge').waitFor()
    wide.cards = await tooWide(page)
    await page.getByRole('tab', { name: 'Journey' }).click()
    await page.getByRole('button', { name: /A message with/ }).click()
    await page.getByText('Shown to the agent').waitFor()
    wide.journey = await tooWide(page)
    await page.getByLabel('Tools').click()
    for (const tool of ['Faults', 'Replay', 'Traffic', 'Status']) {
      await page.getByRole('button', { name: tool, exact: true }).click()
      wide[tool] = await tooWide(page)
    }
    const barriers = await violations(page)
    await page.getByLabel('Close the tray').click()

    await eventually(async () => expect(await page.getByLabel('Tools').evaluate(button => button === document.activeElement)).toBe(true))
    expect(Object.fromEntries(Object.entries(wide).filter(([, elements]) => elements.length > 0))).toEqual({})
    expect(barriers).toEqual([])
    expect(lab.world.agentActions).toHaveLength(1)
  })

  it('of a tablet keeps the phone beside the journey or the desk', async () => {
    const { page, phone } = await start({ viewport: { width: 900, height: 700 } })

    await write(page, 'Hello')
    await page.getByRole('tab', { name: 'Desk 1 new' }).click()
    await answer(page, 'Good morning')

    await phone.getByText('Good morning').waitFor()
    expect(await page.getByRole('tab').count()).toBe(2)
    expect(await tooWide(page)).toEqual([])
  })
})
