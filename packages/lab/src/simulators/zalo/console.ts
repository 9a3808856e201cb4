import type { Poster } from '../../kit/poster.ts'
import type { Application } from './account.ts'

/** What people do at developers.zalo.me and in their browser. Throws what they would read. */
export class Console {
  private readonly poster: Poster
  constructor(poster: Poster) {
    this.poster = poster
  }

  /** The domain carries the tag of the application, on its first page and below the webhook's address. */
  async verifyDomain(app: Application, publicUrl: string): Promise<void> {
    const answer = await fetch(`${publicUrl}/zalo`)
    const html = await answer.text()
    if (!html.includes(`<meta name="zalo-platform-site-verification" content="${app.domainCode}"`))
      throw new Error(`the domain has no tag (HTTP ${answer.status})`)
  }
  /** An unsigned empty object is posted; the address is taken when that gets 200. */
  async enterWebhook(publicUrl: string): Promise<string> {
    const url = `${publicUrl}/zalo`
    const { status, why } = await this.poster.post(url, { 'Content-Type': 'application/json' }, Buffer.from('{}'))
    if (status !== 200) throw new Error(`the webhook has answered ${status} ${why}`)
    return url
  }
  /** The administrator of an account follows the link: one browser with its cookie. Answers the title of the last page. */
  async authorize(publicUrl: string, tenantId: string, oa: string): Promise<string> {
    const begun = await fetch(`${publicUrl}/zalo/authorize/${tenantId}`, { redirect: 'manual' })
    const [cookie = ''] = (begun.headers.get('set-cookie') ?? '').split(';')
    const question = begun.headers.get('location')
    if (question === null) throw new Error(`the link has answered ${begun.status}`)
    const url = new URL(question)
    const answered = await fetch(`${url.origin}/v4/oa/answer?${new URLSearchParams({ ...Object.fromEntries(url.searchParams), oa })}`, { redirect: 'manual' })
    const back = answered.headers.get('location')
    if (back === null) throw new Error(`Zalo's page has answered ${answered.status}`)
    const last = await fetch(back, { headers: { cookie }, redirect: 'manual' })
    const title = /<title>([^<]*)</.exec(await last.text())?.[1] ?? ''
    if (!last.ok) throw new Error(`the call-back has answered ${last.status} ${title}`)
    return title
  }
}
