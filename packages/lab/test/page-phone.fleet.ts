import { describe, expect, it } from '@jest/globals'
import { eventually } from '@um/testing'
import { preparePages, write } from './page-browser.ts'

const start = preparePages()

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
    const { page, lab, errors } = await start()
    await write(page, 'first')
    await page.getByLabel('Message from the guest').fill('a long thought')

    await page.reload()
    await eventually(async () => expect(await page.getByLabel('Message from the guest').inputValue()).toBe('a long thought'))
    lab.world.phones.clear()
    await page.getByLabel('Message from the guest').press('Enter')

    await page.getByRole('alert').getByText('Refused').waitFor()
    await eventually(async () => expect(await page.getByLabel('Message from the guest').inputValue()).toBe('a long thought'))
    errors.splice(0)
  })
})
