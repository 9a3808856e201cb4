import { type Failure, type PlatformAnswer, type PlatformCall, present } from '@um/shared/contract'
import { otherwise } from '@um/shared/kit'
import { Answer } from './schema.ts'

/** Descriptions are prose: the error code decides first, and of the text only what is listed here. https://core.telegram.org/bots/api#making-requests */
const harmless = /message is not modified|query is too old|query id is invalid|message to delete not found/
const badUrl =
  /http url specified|failed to get http url content|wrong type of the web page content|can't upload file by url|webpage_curl_failed|webpage_media_empty/
const badPicture = /photo_invalid_dimensions|image_process_failed|photo_save_file_invalid|voice_messages_forbidden/
const badButtons = /reply markup is too long|button_\w+_invalid|inline keyboard button|button_type_invalid/
const tooLarge = /file is too big|too large|message is too long|caption is too long|caption_too_long/

export function classify({ status, headers, body }: PlatformAnswer, call: PlatformCall): Failure | undefined {
  const known = Answer.safeParse(body)
  if (known.success && known.data.ok && status < 300) return undefined
  const { error_code: code = status, description = `HTTP ${status}`, parameters } = known.success ? known.data : {}
  const text = description.toLowerCase()
  const why = `Telegram: ${description.slice(0, 300)}`
  const afterSeconds = parameters?.retry_after ?? (Number(headers.get('retry-after')) || undefined)

  if (harmless.test(text) && code === 400) return undefined
  if (code === 429) return { kind: 'rateLimited', why, afterSeconds: afterSeconds ?? 5, scope: 'tenant' }
  if (parameters?.migrate_to_chat_id !== undefined) return { kind: 'moved', to: parameters.migrate_to_chat_id, why }
  if (code === 401 || code === 404) return { kind: 'subscription', why: `${why} (the API token is wrong or revoked)` }
  if (code === 409) return { kind: 'subscription', why: `${why} (another program uses this bot)` }
  if (code === 403) return forbidden(text, why)
  if (code === 413) return otherwise(call, ['link', 'text'], why, 'tooLarge')
  if (code === 400) return badRequest(text, why, call)
  // The platform's rule: a 5xx is repeated. Only a gateway that waited in vain cannot know whether the message went out.
  if (code >= 500) return { kind: 'retryable', why, certain: code !== 504, ...present({ afterSeconds }) }
  return code < 400 ? { kind: 'retryable', why: "Telegram: the answer is not the Bot API's", certain: false } : { kind: 'content', why }
}

function forbidden(text: string, why: string): Failure {
  if (text.includes("can't initiate conversation")) return { kind: 'recipient', why, code: 'unknownGuest' }
  return { kind: 'recipient', why, code: 'blocked', optOut: true }
}

function badRequest(text: string, why: string, call: PlatformCall): Failure {
  if (/bad webhook|secret token/.test(text)) return { kind: 'subscription', why }
  if (/chat not found|chat_id is empty|peer_id_invalid|user not found/.test(text)) return { kind: 'recipient', why, code: 'unknownGuest' }
  if (/not enough rights|have no rights|chat_write_forbidden/.test(text)) return { kind: 'recipient', why, code: 'blocked' }
  if (/replied (?:message )?not found|reply message not found/.test(text)) return otherwise(call, ['withoutReply'], why, 'content')
  if (/message thread not found|topic_(?:closed|deleted)/.test(text)) return otherwise(call, ['withoutThread'], why, 'content')
  if (/message to edit not found|message can't be edited/.test(text)) return otherwise(call, ['send'], why, 'window')
  if (/message can't be deleted/.test(text)) return { kind: 'content', why, code: 'window' }
  if (badButtons.test(text)) return otherwise(call, ['numbered'], why, 'content')
  if (badUrl.test(text)) return otherwise(call, ['upload', 'document', 'link', 'text'], why, 'mediaType')
  if (badPicture.test(text)) return otherwise(call, ['document', 'link', 'text'], why, 'mediaType')
  if (/temporarily unavailable/.test(text)) return otherwise(call, ['upload', 'link', 'text'], why, 'unavailable')
  if (tooLarge.test(text)) return otherwise(call, ['upload', 'link', 'text'], why, 'tooLarge')
  return otherwise(call, ['link', 'text'], why, 'content')
}
