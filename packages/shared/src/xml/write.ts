/** Words of any kind as the content of an element; control characters, which XML has no way to write, are left out. */
export function cdata(words: string): string {
  const writable = words.toWellFormed().replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '')
  return `<![CDATA[${writable.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}
