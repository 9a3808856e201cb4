import { createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import type { FieldSchema } from '../src/page/api/types.ts'
import { readGoogleKey, takesGoogleKey } from '../src/page/parts/credentials-file.ts'
import { slackManifest } from '../src/page/parts/slack-app-manifest.ts'
import { staticMapAddress } from '../src/page/parts/static-map.ts'

const commander: FieldSchema = { properties: { projectId: {}, clientEmail: {}, privateKeyId: {}, privateKey: { secret: true }, tokenUrl: {} } }
const gbm: FieldSchema = { properties: { partnerId: {}, googleCloudAuthentication: { type: 'object', secret: true } } }
const key = {
  type: 'service_account',
  project_id: 'acme-continue',
  private_key_id: 'abc',
  private_key: '-----BEGIN PRIVATE KEY-----\n...',
  client_email: 'um@acme-continue.iam.gserviceaccount.com',
  client_id: '123',
  token_uri: 'https://oauth2.googleapis.com/token',
}

describe('the key file of a Google service account', () => {
  it('fills the fields that the form has', () => {
    expect(readGoogleKey(JSON.stringify(key), commander)).toEqual({
      projectId: 'acme-continue',
      clientEmail: key.client_email,
      privateKeyId: 'abc',
      privateKey: key.private_key,
      tokenUrl: key.token_uri,
    })
  })

  it('is taken as a whole where the platform wants it so', () => {
    expect(readGoogleKey(JSON.stringify(key), gbm)).toEqual({ googleCloudAuthentication: key })
  })

  it('does not lead the tokens to another host', () => {
    expect(readGoogleKey(JSON.stringify({ ...key, token_uri: 'https://oauth2.googleapis.com.evil.example/token' }), commander)).not.toHaveProperty('tokenUrl')
  })

  it.each(['', 'no json', '[]', JSON.stringify({ ...key, type: 'authorized_user' }), JSON.stringify({ type: 'service_account' })])(
    'is told from other files: %s',
    text => {
      expect(readGoogleKey(text, commander)).toBeUndefined()
    },
  )

  it('is asked for by the forms that can be filled with it, and no others', () => {
    expect([commander, gbm, { properties: { apiToken: {} } }].map(takesGoogleKey)).toEqual([true, true, false])
  })
})

describe('the manifest of a Slack app', () => {
  const manifest = JSON.parse(slackManifest({ address: 'https://um.acme.org/slack', name: 'ACME – Kundendienst für alle unsere Märkte' }))

  it('leads Slack to this installation', () => {
    expect(manifest.settings.event_subscriptions.request_url).toBe('https://um.acme.org/slack/events')
    expect(manifest.settings.interactivity.request_url).toBe('https://um.acme.org/slack/interactivity')
    expect(manifest.oauth_config.redirect_urls).toEqual(['https://um.acme.org/slack/oauth/callback'])
  })

  it('keeps to Slack’s limits for names, and lets people write to the app', () => {
    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35)
    expect(manifest.features.bot_user.display_name).toMatch(/^[a-z0-9._-]{1,80}$/)
    expect(manifest.features.app_home).toMatchObject({ messages_tab_enabled: true, messages_tab_read_only_enabled: false })
  })

  it('has names even for a tenant that has none in Latin letters', () => {
    const { features, display_information } = JSON.parse(slackManifest({ address: 'https://um.acme.org/slack', name: '株式会社' }))

    expect([features.bot_user.display_name, display_information.name]).toEqual(['contact-centre', '株式会社'])
  })
})

describe('the preview of a map', () => {
  it('is signed as Google wants it', async () => {
    const secret = 'vNIXE0xscrmjlyV-12Nj_BvUPaw='

    const address = new URL(
      await staticMapAddress({ url: 'https://maps.googleapis.com/', key: 'k', secret, language: 'ja', width: 400, height: 300, zoom: 15 }),
    )

    const signature = address.searchParams.get('signature')
    address.searchParams.delete('signature')
    const expected = createHmac('sha1', Buffer.from(secret, 'base64url'))
      .update(`${address.pathname}${address.search}`)
      .digest('base64')
      .replaceAll('+', '-')
      .replaceAll('/', '_')
    expect(signature).toBe(expected)
    expect(address.searchParams.get('size')).toBe('400x300')
  })

  it('goes without a signature where there is no secret', async () => {
    expect(
      await staticMapAddress({ url: 'https://maps.googleapis.com', key: 'k', secret: undefined, language: undefined, width: 1, height: 1, zoom: 0 }),
    ).not.toContain('signature')
  })
})
