import { readFileSync } from 'node:fs'
import type { Plugin } from 'esbuild'

/**
 * The body parsers of express decode request bodies with iconv-lite, whose tables of Asian encodings are the largest thing in a small service's memory. JSON is
 * UTF-8 (RFC 8259), and what platforms send in other encodings reaches our parsers as bytes.
 */
const utf8Only = `
import { StringDecoder } from 'node:string_decoder'
const names = /^(utf-?8|unicode-1-1-utf-8|us-?ascii|ascii)$/i
function known(name) {
  if (!names.test(name)) throw new Error('Encoding not recognized: \\'' + name + '\\' (searched as: \\'' + name + '\\')')
}
export function encodingExists(name) { return names.test(name) }
export function decode(bytes, name) { known(name); return Buffer.from(bytes).toString('utf8').replace(/^\\uFEFF/, '') }
export function getDecoder(name) { known(name); return new StringDecoder('utf8') }
`

/** axios asks for the global FormData when it starts, with the same effect; without it, it knows one by its form. */
function withoutGlobalFormData(text: string): string {
  const question = "typeof G.FormData !== 'undefined' ? G.FormData : undefined"
  if (!text.includes(question)) throw new Error('axios asks for FormData in another way than before: see scripts/build/plugins.ts')
  return text.replace(question, 'undefined')
}

/** Of axios' ways to make a request only that of Node's own http is used. To have that of `fetch` at hand makes Node load all of it: 8 MiB, and two seconds of a start with a twentieth of a core. */
const noFetch = `
export function getFetch() { throw new Error('this program has no fetch adapter') }
export default false
`

/**
 * To `import` this module of Node makes Node look at all that it offers, and so load everything around `fetch`, for the sake of a WebSocket that nobody uses. To `require` it does not.
 */
const httpAlone = `
import { createRequire } from 'node:module'
const http = createRequire(import.meta.url)('node:http')
export default http
export const {
  Agent, ClientRequest, IncomingMessage, METHODS, OutgoingMessage, STATUS_CODES, Server, ServerResponse, createServer, get, globalAgent, maxHeaderSize, request,
  validateHeaderName, validateHeaderValue
} = http
`

/** zod's error messages in fifty languages hang on its name space object, where tree shaking cannot see that nobody asks for them. */
const englishOnly = `export { default as en } from './en.js'`

/** Finds its files beside itself, as \`__dirname\` in the package: here they are copied beside the bundle. */
const swaggerUiFolder = `
import { fileURLToPath } from 'node:url'
export const getAbsoluteFSPath = () => fileURLToPath(new URL('./swagger-ui', import.meta.url))
export const absolutePath = getAbsoluteFSPath
`

/** Modules that a bundle gets in place of those of a package. */
export const replacements: Plugin = {
  name: 'replacements',
  setup(build) {
    build.onResolve({ filter: /^(iconv-lite|swagger-ui-dist)$/ }, ({ path }) => ({ path, namespace: 'replacement' }))
    build.onResolve({ filter: /^(node:)?http$/ }, ({ kind }) => (kind === 'import-statement' ? { path: 'node:http', namespace: 'replacement' } : undefined))
    build.onLoad({ filter: /^node:http$/, namespace: 'replacement' }, () => ({ contents: httpAlone, loader: 'js' }))
    build.onLoad({ filter: /^iconv-lite$/, namespace: 'replacement' }, () => ({ contents: utf8Only, loader: 'js' }))
    build.onLoad({ filter: /^swagger-ui-dist$/, namespace: 'replacement' }, () => ({ contents: swaggerUiFolder, loader: 'js' }))
    build.onLoad({ filter: /\/axios\/lib\/adapters\/fetch\.js$/ }, () => ({ contents: noFetch, loader: 'js' }))
    build.onLoad({ filter: /\/axios\/lib\/utils\.js$/ }, ({ path }) => ({ contents: withoutGlobalFormData(readFileSync(path, 'utf8')), loader: 'js' }))
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: englishOnly, loader: 'js' }))
  },
}
