import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { redactText } from '../log/redact.ts'
import type { StorageCore } from './core.ts'
import { cacheControl, contentDisposition, objectKey } from './names.ts'
import { fetchPublicly, NotPublic } from './public-fetch.ts'
import type { CommonStorageSettings } from './settings.ts'

export interface CheckStep {
  step: 'store' | 'fetch' | 'compare' | 'remove'
  ok: boolean
  message?: string
  /** ISO 8601 */
  at: string
}
export interface CheckReport {
  ok: boolean
  /** what was tried, in order; the first that failed is the last but for the tidying up */
  steps: CheckStep[]
  /** what an administrator can do about it */
  advice?: string
}

const probeBytes = 16
const timeoutMilliseconds = 30_000

/** Tries a storage's settings the way they will be used: stores a small object, fetches it as a stranger, compares and removes it. Never throws. */
export async function checkStorage(core: StorageCore, settings: CommonStorageSettings & Record<string, unknown>): Promise<CheckReport> {
  const { implementation, options } = core
  const context = core.context()
  const content = randomBytes(probeBytes)
  const key = objectKey({ prefix: settings.prefix, tenantId: 'check', conversation: 'probe', random: randomBytes(16), name: 'probe.bin' })
  const mime = 'application/octet-stream'
  const object = { key, mime, disposition: contentDisposition('probe.bin', mime), cacheControl: cacheControl(0), metadata: {}, size: probeBytes }
  const steps: CheckStep[] = []
  let advice: string | undefined

  const attempt = async <T>(step: CheckStep['step'], work: () => Promise<T>): Promise<T | undefined> => {
    try {
      const value = await work()
      steps.push({ step, ok: true, at: options.now().toISOString() })
      return value
    } catch (error) {
      options.log.info({ err: error, step }, 'the check of a storage failed')
      advice ??= implementation.advice?.(error)
      steps.push({ step, ok: false, message: messageOf(core, error), at: options.now().toISOString() })
      return undefined
    }
  }
  const hasFailed = (): boolean => steps.some(step => !step.ok)

  await attempt('store', () =>
    implementation.put(object, Readable.from([content], { objectMode: false }), settings, context, AbortSignal.timeout(timeoutMilliseconds)),
  )
  if (!hasFailed()) {
    const fetched = await attempt('fetch', async () => fetchPublicly((await implementation.url(key, settings, context)).url, context.proxy))
    if (fetched !== undefined) {
      await attempt('compare', async () => {
        if (!content.equals(fetched)) throw new NotPublic('the public URL gives something else than was stored')
      })
    }
  }
  // an upload that seemed to fail may have arrived after all, but then the reason of the failure is what counts
  if (hasFailed() && steps[0]?.ok === false) await implementation.remove([key], settings, context).catch(() => undefined)
  else await attempt('remove', () => implementation.remove([key], settings, context))
  return { ok: !hasFailed(), steps, ...(advice === undefined ? {} : { advice }) }
}

function messageOf(core: StorageCore, error: unknown): string {
  if (error instanceof NotPublic) return error.message
  const failure = core.implementation.classify(error)
  return redactText(failure.kind === 'moved' ? `moved to ${failure.to}` : failure.why)
}
