import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { type BuildOptions, build, type OutputFile } from 'esbuild'
import { pack, removeLeftovers } from './page-output.ts'
import { replacements } from './plugins.ts'
import { siteFiles } from './site-files.ts'
import type { Target } from './targets.ts'

export interface Built {
  /** files that the result was made of, relative to the repository */
  inputs: string[]
  /** bytes of what runs, without source maps */
  bytes: number
}

const common = {
  bundle: true,
  write: false,
  metafile: true,
  logLevel: 'silent',
  treeShaking: true,
  legalComments: 'linked',
  sourcemap: 'external',
} satisfies BuildOptions

/** Packages in CommonJS call \`require\`, which a file of ECMAScript modules does not have. */
const requireForCommonJs = `import { createRequire as createRequireForCommonJs } from 'node:module'\nconst require = createRequireForCommonJs(import.meta.url)`

function programOptions(repository: string, target: Target): BuildOptions {
  return {
    ...common,
    absWorkingDir: repository,
    entryPoints: [{ in: target.entry, out: 'main' }],
    outdir: target.outputFolder,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // packages that offer both: modules can be shaken, CommonJS cannot
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    // one character beyond Latin-1 makes V8 hold the whole source in two bytes per character
    charset: 'ascii',
    banner: { js: requireForCommonJs },
    plugins: [replacements],
  }
}

function pageOptions(repository: string, target: Target): BuildOptions {
  return {
    ...common,
    absWorkingDir: repository,
    entryPoints: [{ in: target.entry, out: 'main' }],
    outdir: target.outputFolder,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    // what is imported when it is needed becomes a file of its own, named by its content
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    jsx: 'automatic',
    minify: true,
    charset: 'utf8',
    define: { 'process.env.NODE_ENV': '"production"' },
    sourcemap: 'linked',
  }
}

/** Bundles a target. Each file appears whole or not at all: programs may be started from them meanwhile. */
export async function bundle(repository: string, target: Target): Promise<Built> {
  const options = target.kind === 'program' ? programOptions(repository, target) : pageOptions(repository, target)
  const result = await build(options)
  for (const file of result.outputFiles ?? []) replaceFile(file)
  const output = join(repository, target.outputFolder)
  const copied =
    target.kind === 'page'
      ? finishPage(repository, target, output, result.outputFiles ?? [])
      : copySwaggerUi(repository, target, Object.keys(result.metafile?.inputs ?? {}), output)
  const inputs = Object.keys(result.metafile?.inputs ?? {}).filter(path => existsSync(join(repository, path)))
  return { inputs: [...inputs, ...copied], bytes: size(result.outputFiles ?? []) }
}

/** What a page has besides its bundle. Answers what it was made of. */
function finishPage(repository: string, target: Target, output: string, bundled: readonly OutputFile[]): string[] {
  const copied = copyPage(repository, target, output)
  const { files, inputs } = target.name === 'config page' ? siteFiles(repository) : { files: [], inputs: [] }
  const made = files.map(({ name, contents }) => ({ path: join(output, name), contents }))
  const packed = [...bundled, ...made].flatMap(pack)
  for (const file of [...made, ...packed]) replaceFile(file)
  removeLeftovers(
    output,
    [...bundled, ...made, ...packed].map(({ path }) => path),
  )
  return [...copied, ...inputs]
}

function copyPage(repository: string, target: Target, output: string): string[] {
  const page = join(dirname(target.entry), 'index.html')
  copyFile(join(repository, page), join(output, 'index.html'))
  return [page]
}

const swaggerUiFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'swagger-ui-standalone-preset.js', 'index.css', 'favicon-16x16.png', 'favicon-32x32.png']

function copySwaggerUi(repository: string, target: Target, inputs: string[], output: string): string[] {
  if (!inputs.includes('replacement:swagger-ui-dist')) return []
  const folder = dirname(createRequire(join(repository, target.entry)).resolve('swagger-ui-dist/package.json'))
  return swaggerUiFiles.map(name => {
    copyFile(join(folder, name), join(output, 'swagger-ui', name))
    return relative(repository, join(folder, name))
  })
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, `${to}.${process.pid}`)
  renameSync(`${to}.${process.pid}`, to)
}

function replaceFile({ path, contents }: Pick<OutputFile, 'path' | 'contents'>): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, contents)
  renameSync(`${path}.${process.pid}`, path)
}

function size(files: OutputFile[]): number {
  return files.filter(({ path }) => /\.(mjs|js|css)$/.test(path)).reduce((sum, { contents }) => sum + contents.length, 0)
}
