import { describe, expect, it } from '@jest/globals'
import type { Content } from '@um/shared/contract'
import { contentOf } from '../src/parse-content.ts'
import { Message } from '../src/schema.ts'
import { frame, group } from './samples.ts'

const bot = { id: '7012345678', username: 'acme_care_bot' }
const read = (members: object): Content | undefined => contentOf(Message.parse({ ...frame, ...members }), bot)

describe('files', () => {
  it.each<[string, object, Content]>([
    [
      'photo: the largest size, wherever it stands',
      {
        photo: [
          { file_id: 'AgA-x', file_unique_id: 'q2', width: 1280, height: 960, file_size: 140233 },
          { file_id: 'AgA-s', file_unique_id: 'q1', width: 90, height: 67, file_size: 1301 },
        ],
        caption: 'Broken lid',
        media_group_id: '13880000000000001',
      },
      { kind: 'attachment', media: 'image', source: { platformId: 'AgA-x', mime: 'image/jpeg', name: 'photo-41.jpg', size: 140233 }, caption: 'Broken lid' },
    ],
    [
      'live photo: the photo',
      { live_photo: { file_id: 'L1' }, photo: [{ file_id: 'P1', width: 90, height: 67 }] },
      { kind: 'attachment', media: 'image', source: { platformId: 'P1', mime: 'image/jpeg', name: 'photo-41.jpg' } },
    ],
    [
      'video',
      { video: { file_id: 'BAA1', width: 720, height: 1280, duration: 12, file_name: 'clip.mp4', mime_type: 'video/mp4', file_size: 2200100 } },
      { kind: 'attachment', media: 'video', source: { platformId: 'BAA1', mime: 'video/mp4', name: 'clip.mp4', size: 2200100 }, durationSeconds: 12 },
    ],
    [
      'animation, not the document beside it',
      { animation: { file_id: 'CgA1', duration: 3, file_name: 'wave.mp4', mime_type: 'video/mp4' }, document: { file_id: 'CgA1', file_name: 'wave.mp4' } },
      { kind: 'attachment', media: 'video', source: { platformId: 'CgA1', mime: 'video/mp4', name: 'wave.mp4' }, durationSeconds: 3 },
    ],
    [
      'audio',
      { audio: { file_id: 'CQA1', duration: 201, performer: 'Trio', title: 'Waltz', file_name: 'waltz.mp3', mime_type: 'audio/mpeg', file_size: 4800000 } },
      { kind: 'attachment', media: 'audio', source: { platformId: 'CQA1', mime: 'audio/mpeg', name: 'waltz.mp3', size: 4800000 }, durationSeconds: 201 },
    ],
    [
      'voice',
      { voice: { file_id: 'AwA1', duration: 5, mime_type: 'audio/ogg', file_size: 19800 } },
      { kind: 'attachment', media: 'audio', source: { platformId: 'AwA1', mime: 'audio/ogg', name: 'voice-41.ogg', size: 19800 }, durationSeconds: 5 },
    ],
    [
      'video note, which names neither file nor type',
      { video_note: { file_id: 'DQA1', length: 384, duration: 9 } },
      { kind: 'attachment', media: 'video', source: { platformId: 'DQA1', mime: 'video/mp4', name: 'video-note-41.mp4' }, durationSeconds: 9 },
    ],
    [
      'document',
      { document: { file_id: 'BQA1', file_name: 'contract v2.pdf', mime_type: 'application/pdf', file_size: 90211 }, caption: 'signed' },
      { kind: 'attachment', media: 'file', source: { platformId: 'BQA1', mime: 'application/pdf', name: 'contract v2.pdf', size: 90211 }, caption: 'signed' },
    ],
    [
      'document that is an image',
      { document: { file_id: 'BQA2', mime_type: 'image/png' } },
      { kind: 'attachment', media: 'image', source: { platformId: 'BQA2', mime: 'image/png', name: 'file-41' } },
    ],
    [
      'document of which nothing is known',
      { document: { file_id: 'BQA3' } },
      { kind: 'attachment', media: 'file', source: { platformId: 'BQA3', name: 'file-41' } },
    ],
  ])('%s', (_, members, expected) => {
    expect(read(members)).toEqual(expected)
  })

  it('finds the largest picture also behind smaller ones', () => {
    const photo = [1, 3, 2].map(width => ({ file_id: `P${width}`, width, height: width }))

    expect(read({ photo })).toMatchObject({ source: { platformId: 'P3' } })
  })
  it('writes out the links of a caption', () => {
    const content = read({
      voice: { file_id: 'A' },
      caption: 'see here',
      caption_entities: [{ type: 'text_link', offset: 4, length: 4, url: 'https://a.example' }],
    })

    expect(content).toMatchObject({ caption: 'see here (https://a.example)' })
  })
  it('takes a file of exactly 20 MiB', () => {
    expect(read({ video: { file_id: 'B', file_size: 20_971_520 } })).toMatchObject({ kind: 'attachment' })
    expect(read({ video: { file_id: 'B', file_size: 20_971_521 } })).toMatchObject({ kind: 'unsupported', what: 'video' })
  })
  it('tells name and size of a larger one, and what was said with it', () => {
    const content = read({ document: { file_id: 'B', file_name: 'film.zip', file_size: 25_000_001 }, caption: 'my film' })

    expect(content).toMatchObject({
      kind: 'unsupported',
      what: 'file',
      reason: 'too large for bots',
      text: 'my film\nfilm.zip (25.0 MB)',
    })
  })
})

describe('stickers', () => {
  const sticker = {
    file_id: 'CAA1',
    file_unique_id: 's1',
    type: 'regular',
    width: 512,
    height: 512,
    is_animated: false,
    is_video: false,
    emoji: '😀',
    set_name: 'AcmeCats',
    file_size: 21000,
  }

  it('are pictures when they stand still', () => {
    expect(read({ sticker })).toEqual({
      kind: 'sticker',
      stickerId: 's1',
      packageId: 'AcmeCats',
      emoji: '😀',
      source: { platformId: 'CAA1', mime: 'image/webp', name: 'sticker-41.webp', size: 21000 },
    })
  })
  it('are known by their file where they have no lasting id', () => {
    expect(read({ sticker: { file_id: 'CAA2' } })).toMatchObject({ stickerId: 'CAA2', source: { platformId: 'CAA2' } })
  })
  it.each(['is_animated', 'is_video'])('are their emoji when they move (%s)', member => {
    expect(read({ sticker: { ...sticker, [member]: true } })).toEqual({ kind: 'sticker', stickerId: 's1', packageId: 'AcmeCats', emoji: '😀' })
  })
})

describe('places and people', () => {
  it('reads a location', () => {
    expect(read({ location: { latitude: 48.2082, longitude: 16.3738, horizontal_accuracy: 20 } })).toEqual({
      kind: 'location',
      latitude: 48.2082,
      longitude: 16.3738,
    })
  })
  it('reads a venue, not the bare location beside it', () => {
    const location = { latitude: 48.2082, longitude: 16.3738 }

    expect(read({ location, venue: { location, title: 'Café Nord', address: 'Ring 4', google_place_id: 'ChX' } })).toEqual({
      kind: 'location',
      latitude: 48.2082,
      longitude: 16.3738,
      title: 'Café Nord',
      address: 'Ring 4',
    })
  })
  it('reads a contact with what its card says', () => {
    const vcard = 'BEGIN:VCARD\r\nEMAIL;TYPE=WORK:lena@example.com\r\nEMAIL:l@example.org\r\nEND:VCARD'

    expect(read({ contact: { phone_number: '+4312345678', first_name: 'Lena', last_name: 'Ruiz', vcard } })).toEqual({
      kind: 'contact',
      name: 'Lena Ruiz',
      phones: ['+4312345678'],
      emails: ['lena@example.com', 'l@example.org'],
      vcard,
    })
  })
  it('reads a contact without a card', () => {
    expect(read({ contact: { phone_number: '+43', first_name: 'Ole' } })).toEqual({ kind: 'contact', name: 'Ole', phones: ['+43'] })
  })
})

describe('words', () => {
  it('writes out links behind words', () => {
    expect(read({ text: 'see here', entities: [{ type: 'text_link', offset: 4, length: 4, url: 'https://a.example' }] })).toEqual({
      kind: 'text',
      text: 'see here (https://a.example)',
    })
  })
  it('drops the name of the bot in groups only', () => {
    expect(read({ chat: { ...group, type: 'group' }, text: '@acme_care_bot hi' })).toEqual({ kind: 'text', text: 'hi' })
    expect(read({ chat: group, text: '@acme_care_bot hi' })).toEqual({ kind: 'text', text: 'hi' })
    expect(read({ text: '@acme_care_bot hi' })).toEqual({ kind: 'text', text: '@acme_care_bot hi' })
  })
  it('reads an answer that quotes as what was said now', () => {
    expect(read({ reply_to_message: { message_id: 40, text: 'Which size?' }, quote: { text: 'size', position: 6 }, text: 'M' })).toEqual({
      kind: 'text',
      text: 'M',
    })
  })
  it('reads dice', () => {
    expect(read({ dice: { emoji: '🎲', value: 4 } })).toEqual({ kind: 'text', text: '🎲 4' })
  })
  it('reads a poll', () => {
    expect(read({ poll: { id: '9', question: 'When?', options: [{ text: 'Mon', voter_count: 0 }, { text: 'Tue' }] } })).toEqual({
      kind: 'text',
      text: 'When?\n• Mon\n• Tue',
    })
  })
  it('reads the data of a Web App as a choice', () => {
    expect(read({ web_app_data: { data: '{"slot":"0930"}', button_text: 'Choose a slot' } })).toEqual({
      kind: 'choice',
      payload: '{"slot":"0930"}',
      label: 'Choose a slot',
      template: 'form',
    })
  })
})

describe('what we do not know', () => {
  it.each(['story', 'game', 'invoice', 'paid_media', 'checklist', 'giveaway', 'rich_message', 'hologram'])('is told by its name: %s', member => {
    expect(read({ [member]: { id: 7 } })).toEqual({ kind: 'unsupported', what: member })
  })
  it('tells the words inside', () => {
    const rich_message = {
      blocks: [
        { type: 'heading', text: 'News' },
        { type: 'list', items: [{ text: 'one' }, { text: 'two' }] },
      ],
    }

    expect(read({ rich_message })).toMatchObject({ kind: 'unsupported', what: 'rich_message', text: 'News\none\ntwo' })
  })
  it.each(['title', 'text', 'description', 'question', 'caption'])('tells a %s', key => {
    expect(read({ hologram: { id: 'h', [key]: 'hi' } })).toMatchObject({ text: 'hi' })
  })
  it('looks eight levels deep', () => {
    const nested = (levels: number): unknown => (levels === 0 ? { text: 'x' } : { in: nested(levels - 1) })

    expect(read({ hologram: nested(8) })).toMatchObject({ text: 'x' })
    expect(read({ hologram: nested(9) })).not.toHaveProperty('text')
  })
  it('tells the caption as well', () => {
    expect(read({ paid_media: { star_count: 5 }, caption: 'the film' })).toMatchObject({ what: 'paid_media', text: 'the film' })
  })
  it('does not look into endless depths', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}{"text":"x"}${'}'.repeat(5000)}`) as object

    expect(read({ deep })).toEqual({ kind: 'unsupported', what: 'deep' })
  })
  it('counts a known member of an unknown form as unknown', () => {
    expect(read({ photo: [] })).toMatchObject({ kind: 'unsupported', what: 'photo' })
    expect(read({ location: { planet: 'Mars' } })).toMatchObject({ kind: 'unsupported', what: 'location' })
  })
  it('keeps a message that says nothing', () => {
    expect(read({})).toMatchObject({ kind: 'unsupported', what: 'message' })
  })
})

describe('service messages', () => {
  it.each<[object, string]>([
    [
      {
        new_chat_members: [
          { id: 5550002222, is_bot: false, first_name: 'Ole' },
          { id: 1, username: 'ann' },
        ],
      },
      'Ole, ann joined',
    ],
    [{ new_chat_members: [{ id: 7012345678 }, { id: 2 }] }, '2 joined'],
    [{ left_chat_member: { id: 5550002222, first_name: 'Ole', last_name: 'Berg' } }, 'Ole Berg left'],
    [{ new_chat_title: 'Garden' }, 'The chat is now called "Garden"'],
    [{ pinned_message: { message_id: 3, text: 'Rules' } }, 'Pinned message: Rules'],
    [{ pinned_message: { message_id: 3 } }, 'Pinned message'],
    [{ group_chat_created: true }, 'Group chat created'],
    [{ message_auto_delete_timer_changed: { message_auto_delete_time: 86400 } }, 'Messages are deleted after 86400 seconds'],
    [{ message_auto_delete_timer_changed: { message_auto_delete_time: 0 } }, 'Messages are no longer deleted automatically'],
    [{ write_access_allowed: {} }, 'Write access allowed'],
    [{ users_shared: { request_id: 1, users: [{ user_id: 4, first_name: 'Ann' }, { user_id: 5 }] } }, 'Users shared: Ann, 5'],
    [{ chat_shared: { request_id: 1, chat_id: -9, title: 'Garden' } }, 'Chat shared: Garden'],
    [{ chat_shared: { request_id: 1, chat_id: -9 } }, 'Chat shared: -9'],
    [{ forum_topic_created: { name: 'Bills', icon_color: 1 } }, 'Topic "Bills" created'],
    [{ forum_topic_edited: { name: 'Bills 2' } }, 'The topic is now called "Bills 2"'],
    [{ video_chat_started: {} }, 'Video chat started'],
  ])('%j is told', (members, text) => {
    expect(read(members)).toEqual({ kind: 'system', text })
  })
  it.each([{ new_chat_members: [{ id: 7012345678, is_bot: true }] }, { left_chat_member: { id: 7012345678 } }])(
    '%j is told by the change of membership',
    members => {
      expect(read(members)).toBeUndefined()
    },
  )
})
