import { describe, expect, it } from '@jest/globals'
import { mapsSearchUrl, signature, staticMapUrl } from '../src/maps.ts'
import { settingsOf } from './fakes.ts'

const key = { googleMapsKey: 'AIzaTESTKEY01' }
const secret = { googleMapsSecret: 'c2VjcmV0LWZvci1tYXBzLTE=' }

describe('staticMapUrl', () => {
  it('signs the picture of a place, in the language that is set', () => {
    const url = staticMapUrl(35.681236, 139.767125, settingsOf({ ...key, ...secret, googleMapsLanguage: 'ja' }))

    expect(url).toBe(
      'https://maps.googleapis.com/maps/api/staticmap?center=35.681236%2C139.767125&zoom=15&size=400x300&markers=35.681236%2C139.767125&language=ja&key=AIzaTESTKEY01&signature=hUmqkC7Cbe4DFAa79nZAkercbYQ=',
    )
  })
  it('writes six decimals, and signs in the URL-safe alphabet', () => {
    const url = staticMapUrl(48.85837, 2.2944809, settingsOf({ ...key, ...secret, googleMapsZoom: 17, googleMapsWidth: 640, googleMapsHeight: 640 }))

    expect(url).toBe(
      'https://maps.googleapis.com/maps/api/staticmap?center=48.858370%2C2.294481&zoom=17&size=640x640&markers=48.858370%2C2.294481&key=AIzaTESTKEY01&signature=TfVQY8-dQuQ1oZNd0PC5JWdfIJA=',
    )
  })
  it('signs nothing without a secret', () => {
    expect(staticMapUrl(1, 2, settingsOf(key))).toBe(
      'https://maps.googleapis.com/maps/api/staticmap?center=1.000000%2C2.000000&zoom=15&size=400x300&markers=1.000000%2C2.000000&key=AIzaTESTKEY01',
    )
  })
  it('makes no picture without a key', () => {
    expect(staticMapUrl(1, 2, settingsOf(secret))).toBeUndefined()
  })
})

describe('signature', () => {
  it("is Google's own", () => {
    expect(signature('/maps/api/geocode/json?address=New+York&client=clientID', 'vNIXE0xscrmjlyV-12Nj_BvUPaw=')).toBe('chaRF2hTJKOScPr-RQCEhZbSzIE=')
  })
})

describe('mapsSearchUrl', () => {
  it('leads to the place', () => {
    expect(mapsSearchUrl(35.681236, -139.5)).toBe('https://www.google.com/maps/search/?api=1&query=35.681236,-139.5')
  })
})
