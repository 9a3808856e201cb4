import type { TextKey } from '../i18n/en.ts'
import type { Translate } from '../i18n/i18n.tsx'

interface Phrase {
  pattern: RegExp
  key: TextKey
  names: readonly string[]
}
function phrase(pattern: RegExp, key: TextKey, ...names: string[]): Phrase {
  return { pattern, key, names }
}

/** What the API says of fields, in its English; what is not among these is shown as it is. */
const phrases: readonly Phrase[] = [
  phrase(/^is required$/, 'wrong.required'),
  phrase(/^Too small: expected string to have >=1 characters$/, 'wrong.required'),
  phrase(/^Too small: expected string to have >=(\d+) characters$/, 'wrong.tooShort', 'count'),
  phrase(/^Too big: expected string to have <=(\d+) characters$/, 'wrong.tooLong', 'count'),
  phrase(/^Too small: expected number to be >=(-?[\d.]+)$/, 'wrong.tooSmall', 'limit'),
  phrase(/^Too big: expected number to be <=(-?[\d.]+)$/, 'wrong.tooBig', 'limit'),
  phrase(/^Too big: expected array to have <=(\d+) items$/, 'wrong.tooMany', 'count'),
  phrase(/^has more than (\d+) entries$/, 'wrong.tooMany', 'count'),
  phrase(/^Invalid input: expected int,/, 'wrong.integer'),
  phrase(/^must be of type (number|int), not /, 'wrong.number'),
  phrase(/^must be of type integer, not /, 'wrong.integer'),
  phrase(/^must be of type (string|boolean|object|array), not (\w+)$/, 'wrong.type', 'wanted', 'given'),
  phrase(/^must be one of (.+)$/, 'wrong.oneOf', 'values'),
  phrase(/^is not one of (.+)$/, 'wrong.oneOf', 'values'),
  phrase(/^must be an http\(s\) URL(, or null)?$/, 'wrong.url'),
  phrase(/^Invalid UUID$/, 'wrong.uuid'),
  phrase(/^must be an identifier such as (\S+)$/, 'wrong.identifier', 'example'),
  phrase(/^is not known here$/, 'wrong.unknown'),
  phrase(/^has the wrong form$/, 'wrong.form'),
  phrase(/^is masked, but no value is stored/, 'wrong.masked'),
  phrase(/^is the name of another tenant$/, 'wrong.tenantName'),
  phrase(/^is the name of another storage$/, 'wrong.storageName'),
  phrase(/^is not a storage that exists$/, 'wrong.noStorage'),
  phrase(/^cannot be taken away: make another storage the default$/, 'wrong.lastDefault'),
  phrase(/^cannot be changed/, 'wrong.fixed'),
  phrase(/^is there twice for the same topic$/, 'wrong.notifierTwice'),
  phrase(/^is not your password$/, 'wrong.password'),
  phrase(/^is too easy to guess \(strength (\d) of 4, at least (\d) is needed\)$/, 'wrong.weak', 'score', 'needed'),
  phrase(/^is not an RSA private key of at least 2048 bits/, 'wrong.privateKey'),
]

/** `hint`: what a field's own rule says in the page's language, if it has one; a detail that is none of ours comes from such a rule. */
export function errorWords(t: Translate, detail: string, hint?: string): string {
  for (const { pattern, key, names } of phrases) {
    const match = pattern.exec(detail)
    if (match !== null)
      return key === 'wrong.form' && hint !== undefined ? hint : t(key, Object.fromEntries(names.map((name, index) => [name, match[index + 1] ?? ''])))
  }
  return hint ?? detail
}
