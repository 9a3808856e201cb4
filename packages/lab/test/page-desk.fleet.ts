import { describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { answer, preparePages, write } from './page-browser.ts'

const start = preparePages()

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
