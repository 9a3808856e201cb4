import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './paths.ts'

/** How Node runs in a container: see the comments in the file itself. */
export interface Runtime {
  readonly heapPercent: number
  readonly v8Flags: readonly string[]
  readonly roomy: { readonly fromMebibytes: number; readonly v8Flags: readonly string[] }
  readonly environment: Readonly<Record<string, string>>
  readonly usualMemoryMebibytes: readonly number[]
}

export const runtime = JSON.parse(readFileSync(join(repository, 'docker/runtime.json'), 'utf8')) as Runtime

function v8Flags(memoryMebibytes: number): readonly string[] {
  return memoryMebibytes < runtime.roomy.fromMebibytes ? runtime.v8Flags : runtime.roomy.v8Flags
}

/** Node's arguments in a container with so much memory (default: what the image itself says), which Node finds by itself. */
export function flagsInContainer(memoryMebibytes = 0): string[] {
  return [`--max-old-space-size-percentage=${runtime.heapPercent}`, ...v8Flags(memoryMebibytes)]
}

/** The same for a process that no container limits. */
export function flagsFor(memoryMebibytes: number): string[] {
  return [`--max-old-space-size=${Math.floor((memoryMebibytes * runtime.heapPercent) / 100)}`, ...v8Flags(memoryMebibytes)]
}
