/** What the gateway shows at its root while there is no web site: where everything is. */
export function frontPage(paths: ReadonlyMap<string, string>, links: readonly { label: string; href: string }[]): string {
  const known = links.map(({ label, href }) => `<li><a href="${escaped(href)}">${escaped(label)}</a></li>`)
  const routed = [...paths].map(([path, service]) => `<li><code>${escaped(path)}</code> ${escaped(service)}</li>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Universal Messaging</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>Universal Messaging</h1>
<ul>${known.join('')}</ul>
<h2>Paths</h2>
<ul>${routed.join('')}</ul>
</html>
`
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
}
