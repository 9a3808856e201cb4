/** What an agent types into the forms of rich messages: one thing per line, its parts divided by a bar. */
export interface OfferLine {
  title: string
  rest?: string
}

/** 'Yes' is a title; 'Terminal 2 | by the lifts' a title and what goes with it. Empty lines are passed over. */
export function readLines(text: string): OfferLine[] {
  return text
    .split('\n')
    .map(line => {
      const bar = line.indexOf('|')
      const title = (bar < 0 ? line : line.slice(0, bar)).trim()
      const rest = bar < 0 ? '' : line.slice(bar + 1).trim()
      return { title, ...(rest === '' ? {} : { rest }) }
    })
    .filter(line => line.title !== '')
}

/** A button's line: what follows the bar is an address to open, or the payload to send back. */
export function readButtons(text: string): { text: string; url?: string; payload?: string }[] {
  return readLines(text).map(({ title, rest }) => {
    if (rest === undefined) return { text: title }
    return /^https?:\/\//i.test(rest) ? { text: title, url: rest } : { text: title, payload: rest }
  })
}
