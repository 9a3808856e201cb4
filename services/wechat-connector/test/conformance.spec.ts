import { conformance, type SampleAnswer } from '@um/testing/conformance'
import { sendPath } from '../src/calls.ts'
import { wechat } from '../src/definition.ts'
import { implementation } from '../src/implementation.ts'
import { aesKey, event, lena, otherKey, outer, plain, safeA, safeB, safely, settings, signed, xml } from './samples.ts'

const full = {
  ...settings,
  previousEncodingAesKey: otherKey,
  originalId: 'gh_3f2a9c81d7e0',
  welcomeText: 'Welcome!',
  kfAccount: 'anna@acme',
  maxClockSkewSeconds: 300,
  apiUrl: 'https://wechat.lab.example',
}
const send = { method: 'POST', path: sendPath, headers: { 'X-Request-Id': 'r-1' }, json: { touser: lena, msgtype: 'text' } } as const
const typing = { method: 'POST', path: '/cgi-bin/message/custom/typing' } as const
const text = { alternatives: { text: [] } }
const answer = (errcode: number, errmsg = `error ${errcode} rid: 6921`): Pick<SampleAnswer, 'name' | 'body'> => ({
  name: String(errcode),
  body: { errcode, errmsg },
})
const works: Record<string, unknown> = {
  '/cgi-bin/get_api_domain_ip': { ip_list: ['192.0.2.1'] },
  '/cgi-bin/stable_token': { access_token: 'at-1', expires_in: 7200 },
}
const message = (name: string, type: string, elements: string, ...events: string[]) => ({ name, ...safely(xml(type, elements)), events })

conformance({
  definition: wechat,
  implementation,
  folder: new URL('..', import.meta.url),
  settings: full,
  otherSettings: { ...settings, token: 'anotherToken2025' },
  now: new Date(1763803010e3),
  recipient: { guest: lena },
  notSecret: ['tokenMode'],
  proof: { query: ['signature', 'msg_signature', 'timestamp', 'nonce'], body: true, toleranceSeconds: 300 },
  webhooks: [
    { name: 'text of another program', query: safeA.query, body: outer(safeA.encrypted), events: ['message:text'] },
    { name: 'text as JSON', ...safely(JSON.stringify(jsonText()), { json: true }), events: ['message:text'] },
    { name: 'encrypted with the key before', ...safely(xml('text', '<Content>late</Content><MsgId>9</MsgId>'), { key: otherKey }), events: ['message:text'] },
    message('answer to a menu', 'text', '<Content>Delivery</Content><MsgId>2</MsgId><bizmsgmenuid>101</bizmsgmenuid>', 'message:choice'),
    message('photo', 'image', '<PicUrl>http://mmbiz.example/p</PicUrl><MediaId>m1</MediaId><MsgId>3</MsgId>', 'message:attachment'),
    message('voice', 'voice', '<MediaId>m2</MediaId><Recognition>hello</Recognition><MsgId>4</MsgId>', 'message:attachment', 'message:text'),
    message(
      'place',
      'location',
      '<Location_X>35.681236</Location_X><Location_Y>139.767125</Location_Y><Label>東京駅</Label><MsgId>5</MsgId>',
      'message:location',
    ),
    { name: 'new follower', ...safely(event('subscribe', '<EventKey>qrscene_store-7</EventKey>')), events: ['profile', 'lifecycle:follow'] },
    { name: 'lost follower', ...safely(event('unsubscribe')), events: ['lifecycle:unfollow'] },
    { name: 'menu of the account', ...safely(event('CLICK', '<EventKey>HELP</EventKey>')), events: ['message:choice'] },
    { name: 'link in the menu', ...safely(event('VIEW', '<EventKey>https://acme.example</EventKey>')), events: [] },
  ],
  forgeries: [
    {
      name: 'the signature of another message',
      query: { ...safeA.query, ...safeB.query, msg_signature: safeA.query.msg_signature },
      body: outer(safeB.encrypted),
    },
    { name: 'in clear, where everything is encrypted', query: plain.query, body: plain.body },
    { name: 'in clear, although signed at the right time', ...signed(xml('text', '<Content>x</Content><MsgId>1</MsgId>')) },
    { name: 'for another account', ...ofAnotherAccount() },
  ],
  handshakes: [{ name: 'saving in the console', method: 'GET', query: { ...signed('').query, echostr: '5819377263349017' }, body: '' }],
  unknownEvent: message('a kind that is new', 'hologram', '<Title>3D</Title><MsgId>8</MsgId>', 'message:unsupported'),
  malformed: [
    { name: 'a document type', ...safely(`<!DOCTYPE xml [<!ENTITY a "b">]>${safeA.message}`) },
    { name: 'nothing encrypted', query: safeA.query, body: '<xml><ToUserName>gh_3f2a9c81d7e0</ToUserName></xml>' },
    { name: 'nobody in it', ...safely('<xml><MsgType>text</MsgType><CreateTime>1763803010</CreateTime></xml>') },
    { name: 'a time that is none', ...safely(safeA.message.replace('<CreateTime>1763803010', '<CreateTime>999999999999999')) },
  ],
  answers: {
    accepted: [
      { name: 'sent', body: { errcode: 0, errmsg: 'ok' }, call: send, id: `${lena}:r-1` },
      { name: 'no errcode', body: { media_id: 'm' } },
      { ...answer(45081), call: typing },
      { ...answer(45080), call: typing },
    ],
    rateLimited: [
      { ...answer(45011), call: send, failure: { kind: 'rateLimited', scope: 'tenant', afterSeconds: 60 } },
      { ...answer(45011), headers: { date: 'Sat, 22 Nov 2025 09:16:41 GMT' }, call: send, failure: { kind: 'rateLimited', afterSeconds: 19 } },
    ],
    unauthorized: [
      { ...answer(40001), call: send, failure: { kind: 'unauthorized' } },
      ...[40014, 42001, 41001].map(code => ({ ...answer(code), call: send, failure: { kind: 'unauthorized' as const } })),
      ...[40013, 40125, 40164, 48001, 48004, 50002].map(code => ({ ...answer(code), call: send, failure: { kind: 'subscription' as const } })),
      { ...answer(40001), name: 'secret', call: { method: 'POST', path: '/cgi-bin/stable_token', anonymous: true }, failure: { kind: 'subscription' } },
    ],
    unavailable: [
      { ...answer(-1, 'system error'), call: send, failure: { kind: 'retryable', certain: true } },
      { name: 'a gateway that may have passed it on', status: 502, body: '<html>', call: send, failure: { kind: 'retryable', certain: false } },
      { name: 'no JSON', body: 'busy', call: send, failure: { kind: 'retryable', certain: false } },
    ],
    blocked: [
      ...[45015, 45047].map(code => ({ ...answer(code), call: send, failure: { kind: 'recipient' as const, code: 'window' as const } })),
      ...[43004, 50005, 43019, 48002].map(code => ({ ...answer(code), call: send, failure: { kind: 'recipient' as const, code: 'blocked' as const } })),
      ...[40003, 46004].map(code => ({ ...answer(code), call: send, failure: { kind: 'recipient' as const, code: 'unknownGuest' as const } })),
    ],
    others: [
      { ...answer(45009), call: send, failure: { kind: 'content', code: 'subscription' } },
      { ...answer(45002), call: send, failure: { kind: 'content', code: 'tooLarge' } },
      { ...answer(45002), name: 'too long, with a shorter form', call: { ...send, ...text }, failure: { kind: 'alternative', name: 'text' } },
      ...[44004, 45008, 40033, 47001, 40008, 45003].map(code => ({
        ...answer(code),
        call: send,
        failure: { kind: 'content' as const, code: 'content' as const },
      })),
      { ...answer(40007), name: 'media gone', call: { ...send, alternatives: { again: [], link: [] } }, failure: { kind: 'alternative', name: 'again' } },
      { ...answer(40007), name: 'media gone again', call: { ...send, alternatives: { link: [] } }, failure: { kind: 'alternative', name: 'link' } },
      { ...answer(40007), name: 'media gone for good', call: send, failure: { kind: 'content', code: 'mediaType' } },
      { ...answer(45001), name: 'file too large', call: send, failure: { kind: 'content', code: 'tooLarge' } },
      { ...answer(45081), name: 'no matter of typing', call: send, failure: { kind: 'content' } },
    ],
  },
  platform: ({ path }) => (path in works ? { name: path, body: works[path] } : undefined),
})

function jsonText(): object {
  return { ToUserName: 'gh_3f2a9c81d7e0', FromUserName: lena, CreateTime: 1763803001, MsgType: 'text', Content: '你好 😀', MsgId: 24680135791 }
}
function ofAnotherAccount(): { query: Record<string, string>; body: string } {
  const { query, body } = safely(safeA.message, { key: aesKey })
  return { query, body: body.replace('gh_3f2a9c81d7e0', 'gh_000000000000') }
}
