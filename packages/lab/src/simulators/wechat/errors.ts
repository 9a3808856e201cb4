import { randomBytes } from 'node:crypto'
import type { ApiAnswer } from '../../kit/messenger/index.ts'

/** https://developers.weixin.qq.com/doc/service/en/guide/dev/error_code.html */
const texts: Readonly<Record<number, string>> = {
  [-1]: 'system error',
  0: 'ok',
  40001: 'invalid credential, access_token is invalid or not latest',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40009: 'invalid image size',
  40013: 'invalid appid',
  40033: 'invalid charset',
  40125: 'invalid appsecret',
  40164: 'invalid ip 127.0.0.1, not in whitelist',
  41001: 'access_token missing',
  41005: 'media data missing',
  42001: 'access_token expired',
  43002: 'require POST method',
  43004: 'require subscribe',
  43019: 'require remove blacklist',
  44004: 'empty content',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45015: 'response out of time limit or subscription is canceled',
  45047: 'out of response count limit',
  45072: 'command field is invalid',
  45080: 'client has sent no message in the last 30 seconds',
  45081: 'already in typing status',
  47001: 'data format error',
  48001: 'api unauthorized',
}

/** WeChat says no with 200. */
export class WechatError extends Error {
  readonly answer: ApiAnswer
  constructor(code: number) {
    const text = texts[code] ?? 'unknown error'
    super(text)
    this.answer = {
      status: 200,
      json: { errcode: code, errmsg: `${text} rid: ${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}` },
      why: `${code} ${text}`,
    }
  }
}
