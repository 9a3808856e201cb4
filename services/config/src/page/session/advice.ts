import type { TextKey } from '../i18n/en.ts'
import type { Translate } from '../i18n/i18n.tsx'

/** zxcvbn gives its advice in English: https://github.com/dropbox/zxcvbn/blob/master/src/feedback.coffee */
const keys: Readonly<Record<string, TextKey>> = {
  'Use a few words, avoid common phrases': 'advice.words',
  'No need for symbols, digits, or uppercase letters': 'advice.noSymbols',
  'Add another word or two. Uncommon words are better.': 'advice.moreWords',
  'Straight rows of keys are easy to guess': 'advice.row',
  'Short keyboard patterns are easy to guess': 'advice.pattern',
  'Use a longer keyboard pattern with more turns': 'advice.turns',
  'Repeats like "aaa" are easy to guess': 'advice.repeat',
  'Repeats like "abcabcabc" are only slightly harder to guess than "abc"': 'advice.repeat',
  'Avoid repeated words and characters': 'advice.avoidRepeat',
  'Sequences like abc or 6543 are easy to guess': 'advice.sequence',
  'Avoid sequences': 'advice.avoidSequence',
  'Recent years are easy to guess': 'advice.year',
  'Avoid recent years': 'advice.avoidYear',
  'Avoid years that are associated with you': 'advice.ownYear',
  'Dates are often easy to guess': 'advice.date',
  'Avoid dates and years that are associated with you': 'advice.ownYear',
  'This is a top-10 common password': 'advice.common',
  'This is a top-100 common password': 'advice.common',
  'This is a very common password': 'advice.common',
  'This is similar to a commonly used password': 'advice.similar',
  'A word by itself is easy to guess': 'advice.singleWord',
  'Names and surnames by themselves are easy to guess': 'advice.name',
  'Common names and surnames are easy to guess': 'advice.name',
  "Capitalization doesn't help very much": 'advice.capitals',
  'All-uppercase is almost as easy to guess as all-lowercase': 'advice.capitals',
  "Reversed words aren't much harder to guess": 'advice.reversed',
  "Predictable substitutions like '@' instead of 'a' don't help very much": 'advice.substitutions',
}

export function adviceWords(t: Translate, english: string): string | undefined {
  const key = keys[english]
  return key === undefined ? undefined : t(key)
}
