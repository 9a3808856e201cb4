import type { MediaAction } from '../commands.ts'
import type { SendableFile } from '../samples/sample.ts'
import type { GuestDoes } from './platform.ts'

/** Files that are about to be sent, and as what. */
export interface Staged {
  as: MediaAction | 'album'
  files: SendableFile[]
}

const kinds: [start: string, as: MediaAction][] = [
  ['image/', 'photo'],
  ['video/', 'video'],
  ['audio/', 'audio'],
]

/** As what a file goes: its own kind where the platform has it, else as a plain file. `wanted`: what the person asked for. */
export function kindOf(file: Blob, can: (does: GuestDoes) => boolean, wanted?: MediaAction): MediaAction {
  if (wanted !== undefined) return wanted
  const own = kinds.find(([start]) => file.type.startsWith(start))?.[1] ?? 'file'
  return can(own) ? own : 'file'
}

/** Several pictures become an album where the platform has one; otherwise files go one after the other. */
export function stage(files: readonly File[], can: (does: GuestDoes) => boolean, wanted?: MediaAction): Staged | undefined {
  const [first] = files
  if (first === undefined) return undefined
  const sendable = files.map(file => ({ blob: file, name: file.name || 'pasted' }))
  const allSeen = files.every(file => file.type.startsWith('image/') || file.type.startsWith('video/'))
  if (files.length > 1 && allSeen && can('album') && wanted !== 'file') return { as: 'album', files: sendable.slice(0, 10) }
  return { as: kindOf(first, can, wanted), files: sendable }
}
