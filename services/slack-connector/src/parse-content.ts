import { type Content, present } from '@um/shared/contract'
import { mediaKindOf } from '@um/shared/kit'
import type { Action, SlackFile } from './schema.ts'

/** `action_id`s of what a guest can choose; links have another one, since their clicks are told, too. */
export const choicePrefix = 'um.choice.'

export function choiceOf(action: Action): { payload: string; label?: string } | undefined {
  const { type, action_id, value, text, url, selected_option, selected_options, selected_date, selected_time } = action
  if (type === 'button') return url && !action_id.startsWith(choicePrefix) ? undefined : { payload: value ?? action_id, ...present({ label: text?.text }) }
  const options = selected_option ? [selected_option] : (selected_options ?? [])
  if (options.length > 0) return { payload: options.map(each => each.value).join(', '), label: options.map(each => each.text.text).join(', ') }
  const picked = selected_date ?? selected_time
  return picked ? { payload: picked, label: picked } : undefined
}

export function contentOfFile(file: SlackFile, account: string): Content {
  const { title, mimetype: mime, size, mode } = file
  const name = file.name ?? title ?? file.id
  const url = addressOf(file)
  if (mode === 'external' || file.is_external) return { kind: 'text', text: [title ?? name, file.url_private].filter(Boolean).join(': ') }
  if (mode === 'tombstone' || mode === 'hidden_by_limit') return { kind: 'unsupported', what: `file ${name}`, reason: mode }
  // of files from other organisations Slack tells only the id; the rest has to be asked for
  if (!url && file.file_access !== 'check_file_info') return { kind: 'unsupported', what: `file ${name}`, reason: 'Slack names no address' }
  const platformId = [account, file.id, url ?? ''].join(' ')
  return { kind: 'attachment', media: mediaKindOf(mime), source: { platformId, name, ...present({ mime, size }) } }
}
export function addressOf({ url_private_download, url_private }: SlackFile): string | undefined {
  return url_private_download ?? url_private
}
/** What `download` needs. */
export function readFileId(platformId: string): { account: string; file: string; url: string } {
  const [account = '', file = '', url = ''] = platformId.split(' ')
  return { account, file, url }
}
