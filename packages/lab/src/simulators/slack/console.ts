import type { Poster } from '../../kit/poster.ts'
import { signedHeaders } from './events.ts'
import type { App } from './workspace.ts'

/** What people do at api.slack.com and in their browser. Throws what they would read. */
export class Console {
  private readonly poster: Poster
  private readonly now: () => number
  private readonly base: () => string
  constructor(parts: { poster: Poster; now: () => number; base: () => string }) {
    this.poster = parts.poster
    this.now = parts.now
    this.base = parts.base
  }

  /** "Request URL": Slack asks for an echo, and takes the address only when it comes back. */
  async enterUrls(app: App, publicUrl: string): Promise<void> {
    const challenge = `challenge-${this.now()}`
    const body = Buffer.from(JSON.stringify({ token: 'deprecated', challenge, type: 'url_verification' }))
    const url = `${publicUrl}/slack/events`
    const { status, text, why } = await this.poster.post(url, signedHeaders(body, app.signingSecret, this.now()), body)
    const echo = text.startsWith('{') ? (JSON.parse(text) as { challenge?: string }).challenge : text
    if (status !== 200 || echo !== challenge) throw new Error(`Your URL did not respond with the value of the challenge parameter (${status} ${why})`)
    app.requestUrl = url
    app.interactivityUrl = `${publicUrl}/slack/interactivity`
    app.redirectUrls = [`${publicUrl}/slack/oauth/callback`]
  }

  /** From the product's registration page to the workspace's consent and back, as one browser with its cookie. Answers the title of the last page. */
  async install(publicUrl: string, customer: string, team: string | undefined): Promise<string> {
    const asked = await fetch(`${publicUrl}/slack/register`, { method: 'POST', body: new URLSearchParams({ customer }), redirect: 'manual' })
    const [cookie = ''] = (asked.headers.get('set-cookie') ?? '').split(';')
    const question = asked.headers.get('location')
    if (question === null) throw new Error(`the registration page answered ${asked.status}`)
    const query = new URL(question).searchParams
    if (team !== undefined) query.set('team', team)
    const answered = await fetch(`${this.base()}/oauth/v2/answer?${query}`, { redirect: 'manual' })
    const back = answered.headers.get('location')
    if (back === null) throw new Error(`Slack's page answered ${answered.status}`)
    const last = await fetch(back, { headers: { cookie }, redirect: 'manual' })
    const title = /<title>([^<]*)</.exec(await last.text())?.[1] ?? ''
    if (!last.ok) throw new Error(`the call-back answered ${last.status} ${title}`)
    return title
  }
}
