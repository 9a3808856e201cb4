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
    build.onLoad({ filter: /^iconv-lite$/, namespace: 'replacement' }, () => ({ contents: utf8Only, loader: 'js' }))
    build.onLoad({ filter: /^swagger-ui-dist$/, namespace: 'replacement' }, () => ({ contents: swaggerUiFolder, loader: 'js' }))
    build.onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: englishOnly, loader: 'js' }))
  },
}
