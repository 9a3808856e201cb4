import type { ConfigProjection } from '../config/index.ts'
import { type Authorization, CallFailed, type Context, type HowToOpen, type MediaRef, type OpenMedia, type UrlMedia } from '../contract/index.ts'
import { type AgentPool, type AllowList, MediaTooLarge, MediaUnavailable, openUrl, PrivateAddress } from '../http/index.ts'
import type { Environment } from '../service/environment.ts'
import { removeAtProvider, StoreFailed, storeAtProvider } from '../storage/client.ts'
import type { Connector, View } from './tenants.ts'

const maxMediaBytes = 1024 * 1024 * 1024

/** There is nowhere to keep attachments: the admin has to set a storage. */
export class NoStorage extends Error {
  override readonly name = 'NoStorage'
}

/** Attachments: opened at the platform or by URL, streamed to the tenant's storage provider. Bytes pass through, a few chunks at a time. */
export class MediaService {
  private readonly connector: Connector
  private readonly config: ConfigProjection
  private readonly environment: Environment
  private readonly agents: AgentPool
  private readonly allow: AllowList
  private readonly contextOf: (view: View) => Context<unknown>
  private readonly storageIdOf: (tenantId: string) => string | null
  private readonly authorizationOf: (view: View, account: string | undefined) => Promise<Authorization>
  private readonly refuseAuthorization: (view: View, account: string | undefined, refused: Authorization) => Promise<void>
  constructor(options: {
    connector: Connector
    config: ConfigProjection
    environment: Environment
    agents: AgentPool
    allow: AllowList
    contextOf: (view: View) => Context<unknown>
    storageIdOf: (tenantId: string) => string | null
    authorizationOf: (view: View, account: string | undefined) => Promise<Authorization>
    refuseAuthorization: (view: View, account: string | undefined, refused: Authorization) => Promise<void>
  }) {
    this.connector = options.connector
    this.config = options.config
    this.environment = options.environment
    this.agents = options.agents
    this.allow = options.allow
    this.contextOf = options.contextOf
    this.storageIdOf = options.storageIdOf
    this.authorizationOf = options.authorizationOf
    this.refuseAuthorization = options.refuseAuthorization
  }

  /** Throws CallFailed: content (refused for good), unauthorized or retryable. */
  async open(view: View, media: MediaRef, how: HowToOpen = {}): Promise<OpenMedia> {
    if ('platformId' in media) {
      const { download } = this.connector.implementation
      if (download === undefined) throw new CallFailed({ kind: 'content', code: 'unsupported', why: 'this platform has no downloads' })
      return download(media, this.contextOf(view))
    }
    if (!how.authorized) return this.openAddress(view, media, how, {})
    const authorization = await this.authorizationOf(view, how.account)
    try {
      return await this.openAddress(view, media, how, authorization)
    } catch (error) {
      // as with any other call: a refused token is dropped, and a new one tried once
      if (!(error instanceof CallFailed) || error.failure.kind !== 'unauthorized') throw error
      await this.refuseAuthorization(view, how.account, authorization)
      return await this.openAddress(view, media, how, await this.authorizationOf(view, how.account))
    }
  }

  private async openAddress(view: View, media: UrlMedia, { accept }: HowToOpen, { headers, query }: Authorization): Promise<OpenMedia> {
    try {
      const opened = await openUrl(withQuery(media.url, query), {
        agents: this.agents,
        allow: this.allow,
        trustedOrigins: this.trustedOrigins(view),
        maxBytes: maxMediaBytes,
        ...(headers === undefined ? {} : { headers }),
      })
      const accepted = accept === undefined ? opened : await accept(opened)
      return { ...accepted, ...(media.mime === undefined ? {} : { mime: media.mime }), ...(media.name === undefined ? {} : { name: media.name }) }
    } catch (error) {
      throw mediaFailure(error)
    }
  }

  async keep(view: View, media: OpenMedia, guest: string, sourceId: string): Promise<MediaRef & { url: string }> {
    const storage = this.config.storage(this.storageIdOf(view.id))
    if (storage === undefined) {
      media.body.destroy()
      throw new NoStorage('no storage is configured for attachments')
    }
    try {
      const { url, name, mime, size } = await storeAtProvider(
        this.provider(storage.type),
        {
          storageId: storage.id,
          tenantId: view.id,
          guest,
          sourceId,
          name: media.name,
          mime: media.mime,
          size: media.size,
        },
        media.body,
      )
      return { url, name, mime, size }
    } catch (error) {
      throw storageFailure(error, storage.name)
    } finally {
      media.body.destroy()
    }
  }

  /** Removes the copy that `keep` made of a source, if there is one. Throws CallFailed. */
  async discard(view: View, guest: string, sourceId: string): Promise<void> {
    const storage = this.config.storage(this.storageIdOf(view.id))
    if (storage === undefined) return
    try {
      await removeAtProvider(this.provider(storage.type), { storageId: storage.id, tenantId: view.id, guest, sourceId })
    } catch (error) {
      throw storageFailure(error, storage.name)
    }
  }

  private provider(type: string): { url: string; token: string } {
    return { url: this.environment.serviceUrl(`${type}-provider`), token: this.environment.internalToken }
  }

  /** Origins that the tenant's administrator typed in: fetching from them is intended. */
  private trustedOrigins(view: View): string[] {
    return Object.values(this.connector.implementation.bases(view.settings)).map(base => new URL(base).origin)
  }
}

function storageFailure(error: unknown, storage: string): unknown {
  if (!(error instanceof StoreFailed)) return error
  const why = `storage "${storage}": ${error.message}`
  if (!error.isRetryable) return new CallFailed({ kind: 'content', code: error.status === 413 ? 'tooLarge' : 'content', why }, { cause: error })
  const after = error.afterSeconds === undefined ? {} : { afterSeconds: error.afterSeconds }
  return new CallFailed({ kind: 'retryable', certain: true, why, ...after }, { cause: error })
}

function withQuery(address: string, query: Record<string, string> = {}): string {
  if (Object.keys(query).length === 0 || !URL.canParse(address)) return address
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

function mediaFailure(error: unknown): unknown {
  if (error instanceof PrivateAddress) return new CallFailed({ kind: 'content', code: 'content', why: error.message }, { cause: error })
  if (error instanceof MediaTooLarge) return new CallFailed({ kind: 'content', code: 'tooLarge', why: error.message }, { cause: error })
  if (error instanceof MediaUnavailable) {
    if (error.status === 401 || error.status === 403) return new CallFailed({ kind: 'unauthorized', why: error.message }, { cause: error })
    return new CallFailed(error.lasting ? { kind: 'content', code: 'content', why: error.message } : { kind: 'retryable', certain: true, why: error.message }, {
      cause: error,
    })
  }
  return error
}
