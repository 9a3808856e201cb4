import type { RequestListener } from 'node:http'
import type { LabContext } from '../../kit/context.ts'
import { ApiServer, deliver, Messenger } from '../../kit/messenger/index.ts'
import type { Ownership } from '../../kit/simulator.ts'
import type { GuestAction, NewPhone, Phone } from '../../protocol.ts'
import { Console } from './console.ts'
import { eventJob, type SlackEvent } from './events.ts'
import { slackFaults } from './fault-kinds.ts'
import { Guests, guestActions } from './guest.ts'
import { Posting } from './posting.ts'
import { TokenDesk } from './tokens.ts'
import { type ApiParts, fileFacts, operationOf, operations, refuse } from './web-api.ts'
import { type App, type Chat, generousLimits, newWorkspace, type Person, type SlackAccount, type SlackLimits, slackId, type Workspace } from './workspace.ts'

export { generousLimits, realLimits, type SlackLimits } from './workspace.ts'

export interface SlackOptions {
  port?: number
  limits?: SlackLimits
  /** factor of the lives of rotating tokens */
  tokenScale?: number
  /** Slack waits three seconds */
  webhookTimeoutMs?: number
}

/** The simulated Slack: workspaces in which an app can be installed, and their people. An account of the phone book is a workspace. */
export class Slack extends Messenger<Workspace, Person> {
  readonly console: Console
  private readonly guests: Guests
  private readonly apiParts: ApiParts

  static async start(context: LabContext, owners: Ownership, options: SlackOptions = {}): Promise<Slack> {
    const slack = new Slack(context, owners, options)
    await slack.open(options.port)
    return slack
  }

  private constructor(context: LabContext, owners: Ownership, options: SlackOptions) {
    const facts = { id: 'slack', label: 'Slack', actions: guestActions, faults: slackFaults, operations }
    super(facts, context, owners, { webhookTimeoutMs: options.webhookTimeoutMs ?? 3000 })
    const { limits = generousLimits, tokenScale = 1 } = options
    const now = () => this.now()
    const tell = (chat: Chat, event: SlackEvent, entry?: Parameters<Messenger<Workspace, Person>['tell']>[2]) =>
      this.tell(chat, eventJob(chat.account, event, now), entry)
    const posting = new Posting({
      ...{ context, limits, tell, find: (account, guest) => this.book.find(account.id, guest) },
      show: (chat, operation, { body, buttons, controls, text }, ts) =>
        void this.shown(chat, operation, { body, ...(buttons === undefined ? {} : { buttons }), refs: [ts], data: { controls }, text }),
    })
    const accounts = () => [...this.book.accounts.values()]
    const tokens = new TokenDesk({ accounts, now, scale: tokenScale })
    this.apiParts = { context, posting, tokens, limits, accounts, base: () => this.url, uninstalled: account => this.forgetInstall(account) }
    this.guests = new Guests({
      ...{ book: this.book, context, clock: posting.clock, tell },
      fileFacts: ({ account }, id) => fileFacts(this.apiParts, account, id),
      interact: (chat, job, entry) => this.tell(chat, job, entry),
    })
    this.console = new Console({ poster: this.poster, now, base: () => this.url })
  }

  protected listener(): RequestListener {
    const { context, faults, apiParts } = this
    const route = (request: Parameters<typeof operationOf>[1]) => operationOf(apiParts, request)
    return new ApiServer({ simulator: this.id, context, faults, route, refuse, count: counter => this.count(counter) }).handle
  }
  protected perform(chat: Chat, action: GuestAction) {
    return this.guests.perform(chat, action)
  }
  protected newGuest() {
    return { id: () => slackId('U'), data: (id: string) => personOf(id.split(':').at(-1) ?? id) }
  }
  /** Guests are named with their workspace, as the fleet names them. */
  override openPhone(account: string, guest: NonNullable<NewPhone['guest']>): { phone: Phone; created: boolean } {
    const { team } = this.book.accountOf(account).data
    const id = guest.id ?? slackId('U')
    return super.openPhone(account, { ...guest, id: id.includes(':') ? id : `${team}:${id}` })
  }

  /** The base address of the Web API. */
  get apiUrl(): string {
    return `${this.url}/api`
  }
  get authorizeUrl(): string {
    return `${this.url}/oauth/v2/authorize`
  }
  addWorkspace(wanted: { team?: string; name: string; app: App; enterprise?: { id: string; name: string } }): SlackAccount {
    const { team = slackId('T'), name, app, enterprise } = wanted
    return this.book.account(team, { name, concurrency: 40 }, () => newWorkspace(team, app, enterprise))
  }
  /** The events of a workspace begin once the app is installed there. */
  async install(publicUrl: string, customer: string, team: string): Promise<string> {
    const account = this.book.accountOf(team)
    const title = await this.console.install(publicUrl, customer, team)
    this.book.setWebhook(account, account.data.app.requestUrl)
    return title
  }
  /** Somebody removes the app from the workspace: its token dies, and Slack says so. */
  uninstall(team: string): void {
    const account = this.book.accountOf(team)
    const botUserId = account.data.install?.botUserId
    this.forgetInstall(account)
    this.announce(account, { type: 'tokens_revoked', tokens: { oauth: [], bot: [botUserId] } })
    this.announce(account, { type: 'app_uninstalled' })
  }
  /** Something that concerns the workspace and nobody in it. */
  announce(account: SlackAccount, event: SlackEvent): void {
    const job = { ...eventJob(account, event, () => this.now()), account: account.id, guest: '', told: () => undefined }
    deliver(this.webhookParts(), account.queues, '', job)
  }
  private forgetInstall({ data }: SlackAccount): void {
    if (data.install !== undefined) data.install.isRevoked = true
  }
}

export function newApp(facts: Partial<App> & Pick<App, 'appId' | 'clientId' | 'clientSecret' | 'signingSecret'>): App {
  return { requestUrl: '', interactivityUrl: '', redirectUrls: [], rotation: false, ...facts }
}
function personOf(user: string): Person {
  return { user, channel: `D${user.slice(1)}`, isDisabled: false }
}
