import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import type { Locator, Page } from 'playwright-core'
import { type OpenPage, openPage, type PageWorld, startPageWorld, tooWide, violations } from './page-browser.ts'

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
  expect(errors.filter(error => !error.includes('ERR_INCOMPLETE_CHUNKED_ENCODING') && !error.includes('503'))).toEqual([])
})

async function start(options: Parameters<typeof openPage>[1] = {}): Promise<OpenPage & { phone: Locator; desk: Locator; journey: Locator }> {
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
async function write(page: Page, text: string): Promise<void> {
  const box = page.getByLabel('Message from the guest')
  await box.fill(text)
  await box.press('Enter')
}
async function answer(page: Page, text: string): Promise<void> {
  const box = page.getByLabel('Reply of the agent')
  await box.fill(text)
  await box.press('Enter')
}

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

describe('the phone', () => {
  it.each([
    ['Photo', 'photo', 'image/jpeg'],
    ['Video', 'video', 'video/'],
    ['Voice', 'voice', 'audio/wav'],
    ['Audio', 'audio', 'audio/wav'],
    ['File', 'file', 'application/pdf'],
  ])('sends a sample as %s, which shows on both sides', async (name, does, mime) => {
    const { page, lab, phone, desk } = await start()
    await page.getByLabel('Send something else').click()

    await page.getByRole('button', { name: `${name}: take a sample` }).click()
    await page.getByText(`Goes as ${does}`).waitFor()
    await write(page, 'with words')

    await phone.getByText('with words').waitFor()
    await desk.getByText('with words').waitFor()
    expect(lab.world.guestActions).toMatchObject([{ do: does, caption: 'with words' }])
    expect([...lab.world.media.values()][0]?.view.mime).toContain(mime)
    const shown = { photo: 'img[alt="with words"]', video: 'video', file: 'a[download="itinerary.pdf"]' }[does] ?? '.audio-player'
    for (const side of [phone, desk]) expect(await side.locator(shown).count()).toBe(1)
  })

  it('sends an album, a sticker, a place and a contact', async () => {
    const { page, lab, phone } = await start()
    const attach = page.getByLabel('Send something else')

    await attach.click()
    await page.getByRole('button', { name: 'Album: take a sample' }).click()
    await page.getByText('Goes as album').waitFor()
    await page.getByLabel('Message from the guest').press('Enter')
    await phone.locator('img.media-picture').nth(2).waitFor()
    await attach.click()
    await page.getByRole('button', { name: 'Sticker' }).click()
    await page.getByRole('button', { name: 'Emoji 👍' }).click()
    await phone.getByRole('img', { name: 'Sticker 👍' }).waitFor()
    await attach.click()
    await page.getByRole('button', { name: 'Location' }).click()
    await page.getByLabel('Place').selectOption('Seoul City Hall')
    await page.getByRole('button', { name: 'Send location' }).click()
    await phone.getByRole('img', { name: 'Map with a pin at 37.5663, 126.9779' }).waitFor()
    await attach.click()
    await page.getByRole('button', { name: 'Contact' }).click()
    await page.getByLabel('Phone number').fill('+82 2 555 0100')
    await page.getByRole('button', { name: 'Send contact' }).click()

    await phone.getByText('+82 2 555 0100').waitFor()
    expect(lab.world.guestActions.map(action => action.do)).toEqual(['album', 'sticker', 'venue', 'contact'])
  })

  it('sends a file that is chosen, and one that is dropped', async () => {
    const { page, lab, phone } = await start()
    await page.getByLabel('Send something else').click()

    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'File: choose a file' }).click()
    await (await chooser).setFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('chosen') })
    await page.getByText('Goes as file').waitFor()
    await page.getByLabel('Message from the guest').press('Enter')
    await phone.getByText('notes.txt').waitFor()
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['dropped'], 'song.mp3', { type: 'audio/mpeg' }))
      return transfer
    })
    await phone.dispatchEvent('dragenter', { dataTransfer: dropped })
    await page.getByText('Drop to send it from the phone').waitFor()
    await phone.dispatchEvent('drop', { dataTransfer: dropped })
    await page.getByText('Goes as audio').waitFor()
    await page.getByLabel('Message from the guest').press('Enter')

    await eventually(() => expect(lab.world.guestActions.map(action => action.do)).toEqual(['file', 'audio']))
    expect([...lab.world.media.values()].map(({ bytes }) => bytes.toString())).toEqual(['chosen', 'dropped'])
  })

  it('edits, answers and reacts', async () => {
    const { page, lab, phone } = await start()
    await write(page, 'see you at 9')
    const message = phone.getByRole('article', { name: 'Guest' })
    await message.hover()

    await page.getByRole('button', { name: 'More for “see you at 9”' }).click()
    await page.getByRole('button', { name: 'Edit it' }).click()
    await page.getByText('Editing').waitFor()
    await write(page, 'see you at 10')
    await phone.getByText('edited').waitFor()
    await message.hover()
    await page.getByRole('button', { name: 'More for “see you at 10”' }).click()
    await page.getByRole('button', { name: 'React with ❤️' }).click()
    await phone.getByTitle('From the guest').waitFor()
    await message.hover()
    await page.getByRole('button', { name: 'More for “see you at 10”' }).click()
    await page.getByRole('button', { name: 'Reply to it' }).click()
    await write(page, 'sharp')

    await phone.getByText('sharp').waitFor()
    expect(lab.world.guestActions.map(action => action.do)).toEqual(['text', 'edit', 'react', 'text'])
    expect(lab.world.guestActions[3]).toHaveProperty('replyTo')
  })

  it('offers only what the platform of the account can do', async () => {
    const { page } = await start()
    await page.getByRole('combobox', { name: 'Writes to' }).selectOption('line:1650')
    await page.getByLabel('Send something else').click()

    await page.getByRole('button', { name: 'Photo: take a sample' }).waitFor()

    expect(await page.getByRole('button', { name: 'Contact' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Press Start' }).count()).toBe(0)
  })

  it('keeps what was typed through a reload, and gives it back when it could not be sent', async () => {
    const { page, lab } = await start()
    await write(page, 'first')
    await page.getByLabel('Message from the guest').fill('a long thought')

    await page.reload()
    await eventually(async () => expect(await page.getByLabel('Message from the guest').inputValue()).toBe('a long thought'))
    lab.world.phones.clear()
    await page.getByLabel('Message from the guest').press('Enter')

    await page.getByRole('alert').getByText('Refused').waitFor()
    await eventually(async () => expect(await page.getByLabel('Message from the guest').inputValue()).toBe('a long thought'))
    open?.errors.splice(0)
  })
})

describe('the desk', () => {
  const kinds: [button: string, send: string, does: string, seen: string][] = [
    ['Quick replies', 'Send quick replies', 'quickReplies', 'At check-in'],
    ['Card', 'Send card', 'card', 'Harbour hotel'],
    ['Carousel', 'Send carousel', 'carousel', 'Ridge lodge'],
    ['List picker', 'Send list picker', 'listPicker', 'I fetch it'],
    ['Date picker', 'Send date picker', 'datePicker', 'When shall we deliver it?'],
    ['Location', 'Send location', 'location', 'Tokyo Station'],
  ]
  it.each(kinds)('replies with %s, which the guest sees', async (button, send, does, seen) => {
    const { page, lab, phone, desk } = await start()
    await write(page, 'Hello')
    await page.getByLabel('Reply with something else').click()

    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByRole('button', { name: send }).click()

    await phone.getByText(seen).first().waitFor()
    await desk.locator('summary', { hasText: 'Delivered' }).waitFor()
    expect(lab.world.agentActions.map(action => action.do)).toEqual([does])
  })

  it('hears which button the guest pressed', async () => {
    const { page, lab, phone, desk } = await start()
    await write(page, 'Hello')
    await page.getByLabel('Reply with something else').click()
    await page.getByRole('button', { name: 'Quick replies' }).click()
    await page.getByRole('button', { name: 'Send quick replies' }).click()

    await phone.getByRole('button', { name: 'At the gate' }).click()

    await desk.getByText('Choice · payload-q1').waitFor()
    expect(lab.world.guestActions.at(-1)).toMatchObject({ do: 'press', button: 'q1' })
  })

  it('replies with words and a photo, and shows the guest that it types', async () => {
    const { page, lab, phone } = await start()
    await write(page, 'Hello')

    await page.getByLabel('Reply of the agent').fill('Let me see')
    await phone.getByText('typing…').waitFor()
    await page.getByLabel('Reply with something else').click()
    await page.getByRole('button', { name: 'Sample photo' }).click()
    await page.getByText('Goes to the guest').waitFor()
    await page.getByLabel('Reply of the agent').press('Enter')

    await phone.locator('img[alt="Let me see"]').waitFor()
    expect(lab.world.agentActions.map(action => action.do)).toEqual(['typing', 'attachment'])
  })

  it('tells that a message failed and why, on both sides', async () => {
    const { page, phone, desk, journey } = await start()
    await write(page, 'Hello')
    await page.getByLabel('More for this phone').click()
    await page.getByRole('button', { name: 'Block the account' }).click()

    await answer(page, 'Are you there?')

    await desk.getByText('Failed: The guest has blocked the account (general.forbidden)').waitFor()
    await phone.getByText('Not shown to the guest · Forbidden: bot was blocked by the user').waitFor()
    await journey.getByText(/Failed because telegram-connector was answered 403: The guest has blocked the account/).waitFor()
    await page.getByRole('button', { name: 'Unblock' }).click()
    await page.getByLabel('Message from the guest').waitFor()
  })

  it('counts unread messages of other guests, shows the customer, and ends the conversation', async () => {
    const { page, lab, desk } = await start()
    await write(page, 'Hello')
    await desk.getByText('Customer').click()
    await desk.getByText('locale').waitFor()
    const [first] = lab.world.phones.values()
    const other = lab.world.createPhone({ platform: 'line', guest: { id: '77', name: 'Jun Park' } })

    lab.world.actAsGuest(other, { do: 'text', text: 'My turn' })
    await desk.getByRole('button', { name: /Jun Park.*1 unread/ }).click()
    await desk.getByRole('article', { name: 'Jun Park' }).getByText('My turn').waitFor()
    expect(await desk.getByText('unread').count()).toBe(0)
    await desk.getByRole('button', { name: new RegExp(first?.guest.name ?? '') }).click()
    await desk.getByRole('button', { name: 'End', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End the conversation' }).click()

    await desk.getByText('This conversation has ended').waitFor()
    expect(lab.world.agentActions).toEqual([{ do: 'disconnect' }])
  })
})

describe('the tray', () => {
  it('switches a fault on with its parameters, counts its hits, and says why a message is stuck', async () => {
    const { page, lab, journey } = await start()
    await write(page, 'Hello')
    await page.getByRole('button', { name: 'Faults' }).click()
    const card = page.getByRole('article', { name: 'Too many requests (429)' })

    await card.getByLabel('Wait (s)').fill('7')
    await card.getByLabel('Ends').selectOption('three')
    await card.getByRole('switch').click()
    await card.getByText('0 of 3 hits').waitFor()
    await answer(page, 'One moment')
    await journey.getByText('Stuck because telegram-connector was answered 429: Too Many Requests; attempt 1, next try 5 s later.').waitFor()
    await card.getByText('1 of 3 hits').waitFor()
    await card.getByRole('switch').click()

    await page.getByText('All simulators behave').waitFor()
    expect(await card.getByRole('switch').getAttribute('aria-checked')).toBe('false')
    expect(lab.world.faults).toEqual([])
  })

  it('aims a fault at the guest in hand, and ends it from the bar', async () => {
    const { page, lab, phone } = await start()
    await write(page, 'Hello')
    await page.getByRole('button', { name: 'Faults' }).click()
    const card = page.getByRole('article', { name: 'Webhook refused' })
    await card.getByText('For everyone, at anything').click()
    await card.getByLabel('For', { exact: true }).selectOption('guest')
    await card.getByRole('switch').click()

    await write(page, 'Does this get through?')

    await phone.getByText('The platform tries again · Bad gateway · attempt 2').waitFor()
    const [guest] = lab.world.phones.values()
    expect(lab.world.faults[0]).toMatchObject({ simulator: 'telegram', kind: 'webhookDown', where: { guest: guest?.guest.id } })
    await page.getByRole('button', { name: 'End Webhook refused at Telegram' }).click()
    await page.getByText('All simulators behave').waitFor()
  })

  it('replays a sample conversation on both sides', async () => {
    const { page, lab, phone, desk } = await start()
    await page.getByRole('button', { name: 'Replay' }).click()

    await page.getByRole('button', { name: 'Replay it' }).click()
    await desk.getByRole('article').getByText('Wonderful, thank you!').waitFor()

    await phone.getByText('It will be there tonight before nine.').waitFor()
    await eventually(async () => expect(await page.locator('.replay-step-done').count()).toBe(await page.locator('.replay-step').count()))
    expect(lab.world.guestActions.map(action => action.do)).toEqual(['text', 'photo', 'press', 'location', 'text'])
  })

  it('shows the traffic between platforms and fleet', async () => {
    const { page } = await start()
    await write(page, 'Hello')

    await page.getByRole('button', { name: 'Traffic' }).click()

    await page.getByRole('row', { name: /Telegram → fleet message 200/ }).waitFor()
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
