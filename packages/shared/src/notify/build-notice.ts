import { createHash } from 'node:crypto'
import { shorten } from '../degrade/split.ts'
import { redactText } from '../log/index.ts'
import { eventRules } from './events.ts'
import type { Notice, NoticeFacts } from './notice.ts'
import { cleanText } from './text.ts'

/** Who speaks. */
export interface Speaker {
  deployment: string
  /** 'line-connector' */
  service: string
  /** 'LINE Connector' */
  label: string
  pod: string
  version: string
  publicUrl: string
}
const maxMessage = 4000
const maxReason = 100

export function buildNotice(facts: NoticeFacts, speaker: Speaker, occurrence: { id: string; at: Date }): Notice {
  const { topic, severity } = eventRules[facts.event]
  return {
    id: occurrence.id,
    topic,
    event: facts.event,
    severity,
    deployment: cleanText(speaker.deployment),
    service: speaker.service,
    label: speaker.label,
    pod: cleanText(speaker.pod),
    version: speaker.version,
    message: shorten(redactText(cleanText(facts.message)), maxMessage),
    tenant: facts.tenant === undefined ? null : { id: facts.tenant.id, name: cleanText(facts.tenant.name) },
    reason: facts.reason === undefined ? null : shorten(cleanText(facts.reason), maxReason),
    occurredAt: occurrence.at,
    dedupKey: dedupKeyOf(facts, speaker),
    heldBack: 0,
    url: isLocal(speaker.publicUrl) ? null : speaker.publicUrl,
  }
}

/** What an error, its repeats and its recovery have in common. */
function dedupKeyOf(facts: NoticeFacts, speaker: Speaker): string | null {
  switch (facts.event) {
    case 'service.started':
    case 'service.stopping':
    case 'test':
      return null
    case 'service.failed':
      return failedKey(speaker)
    default: {
      const platform = speaker.service.replace(/-(connector|provider)$/, '')
      const cause = facts.event === 'message.dead' ? `dead-${facts.reason ?? 'letter'}` : (facts.reason ?? 'error')
      return bounded(['gum', speaker.deployment, platform, ...(facts.tenant === undefined ? [] : [facts.tenant.id]), cause].join('/'))
    }
  }
}

/** Of `service.failed`; the next start ends it. */
export function failedKey({ deployment, service }: Pick<Speaker, 'deployment' | 'service'>): string {
  return bounded(`gum/${deployment}/${service}/failed`)
}
export function lifecycleKey({ deployment, service, pod }: Pick<Speaker, 'deployment' | 'service' | 'pod'>): string {
  return bounded(`gum/${deployment}/${service}/${pod}/lifecycle`)
}

const maxKey = 255

/** PagerDuty takes keys of 255 characters; a longer one ends in the hash of the whole. */
export function bounded(key: string): string {
  if (key.length <= maxKey) return key
  const hash = createHash('sha256').update(key).digest('hex')
  return key.slice(0, maxKey - hash.length) + hash
}

function isLocal(url: string): boolean {
  return !URL.canParse(url) || new URL(url).hostname === 'localhost'
}
