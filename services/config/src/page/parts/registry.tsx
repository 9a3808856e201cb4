import type { ComponentType } from 'react'
import type { PartStatus, Platform, Tenant } from '../api/types.ts'
import { SlackRegistration, ZaloAuthorization } from './authorization.tsx'
import { PlatformDocuments } from './documents.tsx'
import { InboundFlowSample } from './downloads.tsx'
import { GoogleCredentials } from './google-credentials.tsx'
import { MapPreview } from './map-preview.tsx'
import { WebhookAddress } from './webhook-address.tsx'

export interface PartProps {
  /** where the settings are in the document */
  root: string
  platform: Platform | undefined
  /** the tenant as it is stored with this platform; undefined: it is not yet */
  tenant: Tenant | undefined
  status: PartStatus | undefined
}
type Part = ComponentType<PartProps>

export interface PlatformParts {
  /** above the fields */
  before?: readonly Part[]
  /** below a field, by its name */
  after?: Readonly<Record<string, readonly Part[]>>
  /** below all fields */
  end?: readonly Part[]
}

/** What a platform has besides the form of its settings, and the documents that its definition names. Platforms without an entry have their webhook's address. */
const parts: Readonly<Record<string, PlatformParts>> = {
  gcloudcx: { after: { inboundFlowId: [InboundFlowSample], googleMapsZoom: [MapPreview] } },
  gbm: { before: [GoogleCredentials, WebhookAddress] },
  slack: { end: [WebhookAddress, SlackRegistration] },
  zalo: { end: [WebhookAddress, ZaloAuthorization] },
}
const others: PlatformParts = { end: [WebhookAddress] }

export function partsFor(platform: string): PlatformParts {
  const { before = [], ...rest } = parts[platform] ?? others
  return { before: [PlatformDocuments, ...before], ...rest }
}
