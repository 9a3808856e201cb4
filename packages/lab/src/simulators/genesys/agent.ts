import { createHash, randomUUID } from 'node:crypto'
import { ApiError } from '@um/shared/errors'
import { mediaView, type StoredMedia } from '../../kit/media-store.ts'
import type { AgentAction, Body, CardView } from '../../protocol.ts'
import type { Card, Content, MediaType, OutboundBody } from './types.ts'
import type { GenesysView } from './view.ts'
import { deliver } from './webhook.ts'
import { type ConversationState, newMessageId, type StoredEntry, type World } from './world.ts'

type CardInput = Extract<AgentAction, { do: 'card' }>['card']

/** What agents do at the desk, and the webhooks that come of it. */
export class Agents {
  private readonly world: World
  private readonly view: GenesysView
  private readonly baseUrl: () => string

  constructor(world: World, view: GenesysView, baseUrl: () => string) {
    this.world = world
    this.view = view
    this.baseUrl = baseUrl
  }

  act(conversation: ConversationState, action: AgentAction): StoredEntry[] {
    if (conversation.endedAt !== undefined) throw new ApiError('conflict', "The conversation has ended; the guest's next message opens a new one.")
    switch (action.do) {
      case 'typing': {
        const typing = { type: 'On', ...(action.durationMs === undefined ? {} : { duration: action.durationMs }) }
        this.deliverEvent(conversation, { eventType: 'Typing', typing })
        return []
      }
      case 'disconnect':
        return [this.disconnect(conversation)]
      default: {
        const { said, shown } = this.compose(action)
        return [this.say(conversation, said, shown, action.bot === true)]
      }
    }
  }

  private compose(action: Exclude<AgentAction, { do: 'typing' } | { do: 'disconnect' }>): { said: OutboundBody; shown: Body } {
    switch (action.do) {
      case 'text':
        return { said: { type: 'Text', text: action.text }, shown: { kind: 'text', text: action.text } }
      case 'attachment':
        return this.attachment(action)
      case 'quickReplies':
        return quickReplies(action)
      case 'card':
        return this.cards([action.card], action.text)
      case 'carousel':
        return this.cards(action.cards, action.text)
      case 'listPicker':
        return listPicker(action)
      case 'datePicker':
        return datePicker(action)
      case 'location':
        return location(action)
    }
  }

  private say(conversation: ConversationState, said: OutboundBody, shown: Body, isBot: boolean): StoredEntry {
    const { world, view } = this
    conversation.agentJoinedAt ??= world.now()
    const entry: StoredEntry = {
      id: newMessageId(),
      from: isBot ? 'bot' : 'agent',
      authorName: isBot ? 'Bot' : world.settings.agentName,
      at: world.now(),
      body: shown,
      state: 'queued',
    }
    world.store(conversation, entry)
    world.agentMessages.set(entry.id, conversation)
    world.count('messagesWritten')
    deliver(world, conversation, { id: entry.id, author: isBot ? 'Bot' : 'Human', direction: 'Outbound', body: said }, state => {
      Object.assign(entry, state)
      view.tellEntry(conversation, entry)
    })
    view.tellConversation(conversation)
    view.tellEntry(conversation, entry)
    return entry
  }

  private deliverEvent(conversation: ConversationState, event: object): void {
    const body: OutboundBody = { type: 'Event', events: [event] }
    deliver(this.world, conversation, { id: newMessageId(), author: 'Human', direction: 'Outbound', body }, () => undefined)
  }

  private disconnect(conversation: ConversationState): StoredEntry {
    const { world, view } = this
    world.endConversation(conversation)
    const entry: StoredEntry = {
      id: newMessageId(),
      from: 'system',
      at: world.now(),
      body: { kind: 'event', what: 'disconnect', text: 'The agent has ended the conversation' },
      state: 'received',
    }
    world.store(conversation, entry)
    if (world.settings.presenceOnDisconnect) this.deliverEvent(conversation, { eventType: 'Presence', presence: { type: 'Disconnect' } })
    view.tellConversation(conversation)
    view.tellEntry(conversation, entry)
    view.tellDesk(conversation.integration)
    return entry
  }

  private attachment(action: { upload: string; text?: string | undefined }): { said: OutboundBody; shown: Body } {
    const media = this.upload(action.upload)
    const mediaType = mediaTypeOf(media.mime)
    const content: Content = {
      contentType: 'Attachment',
      attachment: {
        id: randomUUID(),
        mediaType,
        url: this.downloadUrl(media),
        mime: media.mime,
        filename: media.name,
        contentSizeBytes: media.bytes.length,
        sha256: createHash('sha256').update(media.bytes).digest('hex'),
      },
    }
    const kinds = { Image: 'photo', Video: 'video', Audio: 'audio', File: 'file', Link: 'file' } as const
    const file: Body = { kind: kinds[mediaType], media: mediaView(media) }
    return {
      said: { type: 'Text', ...(action.text === undefined ? {} : { text: action.text }), content: [content] },
      shown: action.text === undefined ? file : { kind: 'parts', parts: [{ kind: 'text', text: action.text }, file] },
    }
  }

  private cards(inputs: CardInput[], text: string | undefined): { said: OutboundBody; shown: Body } {
    const images = inputs.map(input => this.cardImage(input.image))
    const cards = inputs.map((input, index): Card => {
      const image = images[index]
      return {
        title: input.title,
        ...(input.description === undefined ? {} : { description: input.description }),
        ...(image === undefined ? {} : { image: image.url }),
        actions: input.buttons.map(({ text: label, payload, url }) =>
          url === undefined ? { type: 'Postback', text: label, payload: payload ?? label } : { type: 'Link', text: label, url },
        ),
      }
    })
    const [first] = cards
    const content: Content = cards.length === 1 && first !== undefined ? { contentType: 'Card', card: first } : { contentType: 'Carousel', carousel: { cards } }
    const shownCards = inputs.map((input, index): CardView => {
      const image = images[index]
      return {
        title: input.title,
        ...(input.description === undefined ? {} : { description: input.description }),
        ...(image === undefined ? {} : { image: image.view }),
        buttons: input.buttons.map(({ text: label, url }, position) => ({
          id: `${index}.${position}`,
          title: label,
          action: url === undefined ? 'reply' : 'url',
          ...(url === undefined ? {} : { url }),
        })),
      }
    })
    return {
      said: { type: 'Structured', ...(text === undefined ? {} : { text }), content: [content] },
      shown: { kind: 'cards', ...(text === undefined ? {} : { text }), cards: shownCards },
    }
  }

  /** An upload gets an address that the fleet can fetch; anything else is taken for an address. */
  private cardImage(image: string | undefined): { url: string; view: CardView['image'] & object } | undefined {
    if (image === undefined) return undefined
    const media = this.world.context.media.get(image)
    return media === undefined ? { url: image, view: { url: image } } : { url: this.downloadUrl(media), view: mediaView(media) }
  }

  private upload(id: string): StoredMedia {
    const media = this.world.context.media.get(id)
    if (media === undefined) throw new ApiError('invalid', 'The upload is not known (any more).', { fields: [{ pointer: '/upload', detail: 'is not known' }] })
    return media
  }
  private downloadUrl(media: StoredMedia): string {
    return `${this.baseUrl()}/downloads/${media.id}/${encodeURIComponent(media.name)}`
  }
}

function mediaTypeOf(mime: string): MediaType {
  if (mime.startsWith('image/')) return 'Image'
  if (mime.startsWith('video/')) return 'Video'
  return mime.startsWith('audio/') ? 'Audio' : 'File'
}

function quickReplies(action: Extract<AgentAction, { do: 'quickReplies' }>): { said: OutboundBody; shown: Body } {
  const content = action.options.map(
    ({ text, payload, imageUrl }): Content => ({
      contentType: 'QuickReply',
      quickReply: { text, payload: payload ?? text, ...(imageUrl === undefined ? {} : { image: imageUrl }), action: 'Message' },
    }),
  )
  const buttons = action.options.map(({ text, imageUrl }, index) => ({
    id: String(index),
    title: text,
    action: 'reply' as const,
    ...(imageUrl === undefined ? {} : { imageUrl }),
  }))
  return { said: { type: 'Structured', text: action.text, content }, shown: { kind: 'quickReplies', text: action.text, buttons } }
}

function listPicker(action: Extract<AgentAction, { do: 'listPicker' }>): { said: OutboundBody; shown: Body } {
  const sections = action.sections.map(({ title, multiple, items }) => ({
    ...(title === undefined ? {} : { title }),
    multipleSelection: multiple,
    items: items.map(({ id, title: name, description, imageUrl }) => ({
      id,
      title: name,
      ...(description === undefined ? {} : { subtitle: description }),
      ...(imageUrl === undefined ? {} : { imageUrl }),
    })),
  }))
  const shown = action.sections.map(({ title, multiple, items }) => ({
    ...(title === undefined ? {} : { title }),
    multiple,
    items: items.map(({ id, title: name, description, imageUrl }) => ({
      id,
      title: name,
      ...(description === undefined ? {} : { description }),
      ...(imageUrl === undefined ? {} : { imageUrl }),
    })),
  }))
  return {
    said: { type: 'Structured', text: action.text, content: [{ contentType: 'ListPicker', listPicker: { id: randomUUID(), sections } }] },
    shown: { kind: 'listPicker', text: action.text, sections: shown },
  }
}

function datePicker(action: Extract<AgentAction, { do: 'datePicker' }>): { said: OutboundBody; shown: Body } {
  const availableTimes = action.slots.map(({ at, durationSeconds }) => ({ dateTime: at, duration: durationSeconds }))
  const subtitle = action.subtitle === undefined ? {} : { subtitle: action.subtitle }
  return {
    said: {
      type: 'Structured',
      text: action.title,
      content: [{ contentType: 'DatePicker', datePicker: { id: randomUUID(), title: action.title, ...subtitle, availableTimes } }],
    },
    shown: {
      kind: 'timePicker',
      title: action.title,
      ...(action.subtitle === undefined ? {} : { text: action.subtitle }),
      slots: action.slots.map((slot, index) => ({ id: String(index), ...slot })),
    },
  }
}

function location(action: Extract<AgentAction, { do: 'location' }>): { said: OutboundBody; shown: Body } {
  const { latitude, longitude, title, address } = action
  const named = { ...(address === undefined ? {} : { address }) }
  return {
    said: {
      type: 'Structured',
      content: [{ contentType: 'Location', location: { latitude, longitude, ...(title === undefined ? {} : { text: title }), ...named } }],
    },
    shown: { kind: 'location', latitude, longitude, ...(title === undefined ? {} : { title }), ...named },
  }
}
