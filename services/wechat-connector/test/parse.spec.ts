import { describe, expect, it } from '@jest/globals'
import type { Content, InboundEvent } from '@um/shared/contract'
import type { Settings } from '../src/definition.ts'
import { tokenOf } from '../src/menu.ts'
import { parse } from '../src/parse.ts'
import { event, hook, lena, plain, tenant, xml } from './samples.ts'

const read = (body: string, more: Partial<Settings> = {}): InboundEvent[] => {
  const events = parse(hook(body), tenant({ encryptionMode: 'plain', ...more }))
  return Array.isArray(events) ? events : []
}
const contents = (body: string): Content[] => read(body).flatMap(each => (each.type === 'message' ? [each.content] : []))
const withId = (type: string, elements: string): string => xml(type, `${elements}<MsgId>24680135791357905</MsgId>`)

describe('a message', () => {
  it('has the number and the time that WeChat gives it', () => {
    expect(read(plain.body)).toEqual([
      {
        id: '24680135791357902',
        messageId: '24680135791357902',
        guest: lena,
        at: new Date('2025-11-22T09:16:41Z'),
        type: 'message',
        content: { kind: 'text', text: '你好 😀' },
      },
    ])
  })
  it('is the same as JSON, its number exact to the last digit', () => {
    const json = `{"ToUserName":"gh_3f2a9c81d7e0","FromUserName":"${lena}","CreateTime":1763803001,"MsgType":"text","Content":"你好 😀","MsgId":24680135791357902}`

    expect(read(`\n${json}`)).toEqual(read(plain.body))
  })
  it('keeps the codes of WeChat’s own faces', () => {
    expect(contents(withId('text', '<Content><![CDATA[/:smile [微笑] <a>]]></Content>'))).toEqual([{ kind: 'text', text: '/:smile [微笑] <a>' }])
  })
  it.each([
    ['image', '<PicUrl>http://mmbiz.example/p</PicUrl><MediaId>m1</MediaId>', 'image', 'm1 http://mmbiz.example/p'],
    ['voice', '<MediaId>m2</MediaId><Format>amr</Format><Recognition></Recognition>', 'audio', 'm2'],
    ['video', '<MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>', 'video', 'm3'],
    ['shortvideo', '<MediaId>m4</MediaId><ThumbMediaId>t4</ThumbMediaId>', 'video', 'm4'],
  ])('of the kind %s names the media', (type, elements, media, platformId) => {
    expect(contents(withId(type, elements))).toEqual([{ kind: 'attachment', media, source: { platformId } }])
  })
  it('by voice brings what was understood of it, as a part of its own', () => {
    const events = read(withId('voice', '<MediaId>m2</MediaId><Recognition><![CDATA[where is it]]></Recognition>'))

    expect(events.map(each => each.type === 'message' && [each.messageId, each.content.kind])).toEqual([
      ['24680135791357905', 'attachment'],
      ['24680135791357905#1', 'text'],
    ])
  })
  it('of a place has its latitude first', () => {
    const place = '<Location_X>35.681236</Location_X><Location_Y>139.767125</Location_Y><Scale>15</Scale><Label><![CDATA[東京駅]]></Label>'

    expect(contents(withId('location', place))).toEqual([{ kind: 'location', latitude: 35.681236, longitude: 139.767125, title: '東京駅' }])
    expect(contents(withId('location', place.replace('35.681236', '135.681236')))).toMatchObject([{ kind: 'unsupported' }])
  })
  it('of a link is told line by line', () => {
    const link = '<Title>News</Title><Description></Description><Url>https://acme.example/n</Url>'

    expect(contents(withId('link', link))).toEqual([{ kind: 'text', text: 'News\nhttps://acme.example/n' }])
  })
  it('of a mini program, or of a kind that is new, is told by name', () => {
    expect(contents(withId('miniprogrampage', '<Title>Shop</Title>'))).toMatchObject([{ kind: 'unsupported', what: 'miniprogrampage', text: 'Shop' }])
    expect(contents(withId('hologram', ''))).toMatchObject([{ kind: 'unsupported', what: 'hologram', raw: { MsgType: 'hologram' } }])
  })
  it('tells what the administrator adds to every guest', () => {
    expect(read(plain.body, { customData: { brand: 'acme' } })).toMatchObject([{ from: { participantData: { brand: 'acme' } } }])
  })
})

describe('an answer to a menu', () => {
  const answer = (id: string): Content[] => contents(withId('text', `<Content>Delivery</Content><bizmsgmenuid>${id}</bizmsgmenuid>`))
  it('names the option by its token', () => {
    expect(answer('756d3a6142635f2d3132333435')).toEqual([{ kind: 'choice', payload: 'um:aBc_-12345', label: 'Delivery' }])
  })
  it.each(['0', '101', 'abc', '00', 'ff'])('of another program, or without its id, is as it came: %s', id => {
    expect(answer(id)).toEqual([{ kind: 'choice', payload: id, label: 'Delivery' }])
  })
  it('of another program keeps an id that only looks like ours', () => {
    expect(tokenOf('101')).toBe('101')
    expect(tokenOf('ff')).toBe('ff')
    expect(tokenOf('756D3A')).toBe('756D3A')
    expect(answer('1011')).toEqual([{ kind: 'choice', payload: '1011', label: 'Delivery' }])
    expect(tokenOf('6f6b')).toBe('6f6b')
  })
})

describe('an event', () => {
  const id = (name: string, key = ''): string => `${lena}:1763803010:${name}:${key}`
  it('of a new follower makes what was known of them old', () => {
    expect(read(event('subscribe', '<EventKey>qrscene_store-7</EventKey><Ticket>t</Ticket>'))).toMatchObject([
      { id: `${id('subscribe', 'qrscene_store-7')}#profile`, type: 'profile', forget: true, from: { participantData: { qrScene: 'store-7' } } },
      { id: id('subscribe', 'qrscene_store-7'), type: 'lifecycle', change: 'follow', data: { scene: 'store-7' } },
    ])
  })
  it('of a follower who came by no code has no scene', () => {
    const [profile, follow] = read(event('subscribe'))

    expect(profile).not.toHaveProperty('from')
    expect(follow).not.toHaveProperty('data')
  })
  it.each([
    ['unsubscribe', { type: 'lifecycle', change: 'unfollow' }],
    ['UNSUBSCRIBE', { type: 'lifecycle', change: 'unfollow' }],
    ['user_authorization_revoke', { type: 'profile', forget: true }],
  ])('of the kind %s is told', (name, told) => {
    expect(read(event(name))).toMatchObject([told])
  })
  it('of a scanned code or of a position tells of the guest, and is no message', () => {
    expect(read(event('SCAN', '<EventKey>7</EventKey>'))).toMatchObject([{ type: 'profile', from: { participantData: { qrScene: '7' } } }])
    const position = '<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119</Precision>'
    expect(read(event('LOCATION', position))).toMatchObject([{ type: 'profile', from: { participantData: { latitude: '23.1', longitude: '113.3' } } }])
  })
  it('of the account’s own menu is a choice', () => {
    expect(read(event('CLICK', '<EventKey>HELP</EventKey>'))).toMatchObject([
      { id: id('click', 'HELP'), messageId: id('click', 'HELP'), type: 'message', content: { kind: 'choice', payload: 'HELP' } },
    ])
    const scanned = '<EventKey>scan</EventKey><ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>A-17</ScanResult></ScanCodeInfo>'
    expect(contents(event('scancode_waitmsg', scanned))).toEqual([{ kind: 'choice', payload: 'scan', label: 'A-17' }])
  })
  it('of a chosen place is that place', () => {
    const place = '<Location_X>23</Location_X><Location_Y>113</Location_Y><Label>2 Pier Street</Label><Poiname>Harbour</Poiname>'

    expect(contents(event('location_select', `<EventKey>k</EventKey><SendLocationInfo>${place}</SendLocationInfo>`))).toEqual([
      { kind: 'location', latitude: 23, longitude: 113, title: 'Harbour', address: '2 Pier Street' },
    ])
    expect(contents(event('location_select'))).toMatchObject([{ kind: 'unsupported' }])
  })
  it.each(['VIEW', 'view_miniprogram', 'pic_weixin', 'TEMPLATESENDJOBFINISH', 'MASSSENDJOBFINISH', 'card_pass_check', 'hologram'])(
    'that nobody waits for says nothing: %s',
    name => {
      expect(read(event(name))).toEqual([])
    },
  )
})
