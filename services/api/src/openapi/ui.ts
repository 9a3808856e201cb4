import { type Response, Router } from 'express'

/** The page's own files, a style attribute here and there, and images that its style sheet embeds; it talks to this origin only. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Universal Messaging API</title>
<link rel="stylesheet" href="swagger-ui.css">
<link rel="icon" type="image/png" href="favicon-32x32.png" sizes="32x32">
</head>
<body>
<div id="swagger-ui"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`
const start = `SwaggerUIBundle({ url: '../openapi', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: false, validatorUrl: null })
`
/** All that the page needs of Swagger UI. */
const uiFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const

/** Swagger UI on this deployment's own document, in a page that needs no inline script. */
export function openApiUi(): Router {
  const router = Router({ strict: true })
  const text = (res: Response, type: string, content: string) => res.setHeader('Content-Type', `${type}; charset=utf-8`).end(content)
  router.use((_req, res, next) => {
    res.setHeader('Content-Security-Policy', policy)
    next()
  })
  router.get('/', (req, res) => {
    const path = req.originalUrl.split('?')[0] ?? ''
    // the page's relative addresses need the slash
    if (!path.endsWith('/')) return res.redirect(308, `${path.split('/').at(-1)}/`)
    text(res, 'text/html', html)
  })
  router.get('/start.js', (_req, res) => {
    text(res, 'text/javascript', start)
  })
  let folder: string | undefined
  for (const file of uiFiles) {
    router.get(`/${file}`, async (_req, res, next) => {
      // in a bundle this is the folder beside it
      folder ??= (await import('swagger-ui-dist')).getAbsoluteFSPath()
      res.sendFile(file, { root: folder, cacheControl: false, headers: { 'Cache-Control': 'public, max-age=3600' } }, error => {
        if (error) next(error)
      })
    })
  }
  return router
}
