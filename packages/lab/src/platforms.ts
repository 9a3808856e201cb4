import { linePlatform } from './simulators/line/platform.ts'
import { slackPlatform } from './simulators/slack/platform.ts'
import { telegramPlatform } from './simulators/telegram/platform.ts'
import { viberPlatform } from './simulators/viber/platform.ts'
import { wechatPlatform } from './simulators/wechat/platform.ts'
import { zaloPlatform } from './simulators/zalo/platform.ts'

/** By connector id, in the order in which the phone offers them. */
export const labPlatforms = {
  telegram: telegramPlatform,
  line: linePlatform,
  slack: slackPlatform,
  viber: viberPlatform,
  wechat: wechatPlatform,
  zalo: zaloPlatform,
}
export type PlatformId = keyof typeof labPlatforms
export const platformIds = Object.keys(labPlatforms) as PlatformId[]
export type Sides = { [K in PlatformId]: Awaited<ReturnType<(typeof labPlatforms)[K]['start']>> }
export type PlatformOptions = { [K in PlatformId]?: Parameters<(typeof labPlatforms)[K]['start']>[2] }
