import { createHmac } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { readDocument } from '../src/page/api/read-document.ts'
import type { FieldSchema } from '../src/page/api/types.ts'
import { fileName } from '../src/page/controls/save-file.ts'
import { readGoogleKey, takesGoogleKey } from '../src/page/parts/credentials-file.ts'
import { shownDocuments } from '../src/page/parts/platform-documents.ts'
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

describe('the documents of a platform', () => {
  const manifest = { name: 'manifest.json', title: 'App Manifest', help: 'Paste it.', mime: 'application/json' }
  const platform = { id: 'acme', documents: [manifest, { ...manifest, name: 'profile.yaml', title: 'Profile' }] }

  it('are shown with the words of the page’s language, and in English where it has none', () => {
    const shown = shownDocuments(
      { 'acme.documents.manifest.json': { label: 'マニフェスト' }, 'acme.profile.yaml': { label: 'a field of that name' } },
      platform,
    )

    expect(shown.map(({ title, help }) => [title, help])).toEqual([
      ['マニフェスト', 'Paste it.'],
      ['Profile', 'Paste it.'],
    ])
  })

  it('are read as they are, even what only looks like JSON', async () => {
    const asked: string[] = []
    const content = '{ "big": 12345678901234567890 }\n'
    const open = async (path: string) => {
      asked.push(path)
      return new Response(content)
    }

    const read = await readDocument({ open }, 'acme', 'a b/c.json', new AbortController().signal)

    expect(read).toBe(content)
    expect(asked).toEqual(['/platforms/acme/documents/a%20b%2Fc.json'])
  })

  it('are kept under a name that every system allows', () => {
    expect(fileName('a/b:c?.json')).toBe('a_b_c_.json')
    expect(fileName('manifest.json')).toBe('manifest.json')
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
