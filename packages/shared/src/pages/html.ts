import type { Reply } from '../contract/index.ts'

const style =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:10vh auto;padding:0 1rem;color-scheme:light dark}' +
  'label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}input,button{margin:.5rem 0 1rem;padding:.6rem}'
/** Without `form-action`: a form may lead on to the platform's own page. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
}

/** A page for people who register or authorize something, without scripts. `words` are text, not HTML. `tags`: meta elements of its head, by name and content. */
export function messagePage(status: number, title: string, words: string, tags: readonly (readonly [name: string, content: string])[] = []): Reply {
  return page(status, title, words, '', tags.map(([name, content]) => `<meta name="${escaped(name)}" content="${escaped(content)}">`).join(''))
}

/** One question and a button; the answer is posted to the same address. */
export function questionPage(facts: { title: string; words: string; name: string; label: string; value: string; button: string }): Reply {
  const { title, words, name, label, value, button } = facts
  const input = `<input name="${escaped(name)}" value="${escaped(value)}" required autocomplete="off" spellcheck="false">`
  return page(200, title, words, `<form method="post"><label>${escaped(label)}${input}</label><button>${escaped(button)}</button></form>`)
}

function page(status: number, title: string, words: string, rest: string, tags = ''): Reply {
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width">${tags}<title>${escaped(title)}</title><style>${style}</style>`
  const body = `<h1>${escaped(title)}</h1><p>${escaped(words)}</p>${rest}`
  return { status, headers, body: `<!doctype html><html lang="en"><head>${head}</head><body>${body}</body></html>` }
}
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
