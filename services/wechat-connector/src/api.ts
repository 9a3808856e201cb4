import { type PlatformCall, type Profile, present, type SentFacts } from '@um/shared/contract'
import { maybes } from '@um/shared/kit'
import { z } from 'zod'
import { idHeader, sendPath } from './calls.ts'
import type { Ctx, Settings } from './definition.ts'

export function bases({ apiUrl }: Settings): { api: string } {
  return { api: apiUrl }
}

const Addressed = z.object({ touser: z.string() })
export function sent(_answer: unknown, { path, headers, json }: PlatformCall): SentFacts {
  const to = path === sendPath ? Addressed.safeParse(json).data : undefined
  return to === undefined ? {} : { id: `${to.touser}:${headers?.[idHeader] ?? ''}` }
}

/** The cheapest call that needs a token, and that the address we call from is on WeChat's list. */
export async function check({ http }: Ctx): Promise<void> {
  await http.call({ method: 'GET', path: '/cgi-bin/get_api_domain_ip', idempotent: true }, z.object({ ip_list: z.array(z.string()) }))
}
/** WeChat has no API for it: the administrator enters the address in the console. */
export async function register({ tenant: { id, webhookUrl } }: Ctx): Promise<Record<string, string>> {
  return { serverUrl: `${webhookUrl}/${id}` }
}

const User = z.object(maybes('remark', 'nickname', 'headimgurl', 'language', 'country', 'province', 'city', 'subscribe_scene', 'unionid', 'qr_scene_str'))
/** Of most guests WeChat tells no name. https://developers.weixin.qq.com/doc/service/en/api/usermanage/userinfo/api_userinfo.html */
export async function profile(openid: string, { http, tenant: { settings } }: Ctx): Promise<Profile> {
  const query = { openid, lang: settings.profileLanguage }
  const user = await http.call({ method: 'GET', path: '/cgi-bin/user/info', query, idempotent: true }, User)
  const { remark, nickname, headimgurl, language, country, province, city, subscribe_scene: subscribeScene, unionid: unionId, qr_scene_str: qrScene } = user
  return {
    displayName: remark ?? nickname ?? `WeChat user ${openid.slice(-6)}`,
    ...present({ nickname, avatar: headimgurl === undefined ? undefined : { url: headimgurl } }),
    participantData: present({ locale: language?.replace('_', '-'), country, province, city, subscribeScene, unionId, qrScene }),
  }
}
