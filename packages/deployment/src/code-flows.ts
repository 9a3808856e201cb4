import { join } from 'node:path'
import { findServices, ingressPath } from '@um/testing/repository'
import { build, type Plugin } from 'esbuild'
import { repository } from './paths.ts'

/** Whom a service talks to, as its code says: found in what is left of it in a bundle. */
export interface CodeFlows {
  readonly service: string
  /** services that it calls over HTTP, by name; `*-provider` where the name is made at run time */
  readonly calls: readonly string[]
  readonly usesRedis: boolean
  readonly usesRabbitmq: boolean
  /** it calls addresses that its configuration names: platforms, clouds, links of guests */
  readonly callsInternet: boolean
  readonly hasHealthPort: boolean
  /** its public path, if it has one */
  readonly path?: string
}

/** Packages of others stay outside. */
const ours: Plugin = {
  name: 'ours',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^.]/ }, ({ path, kind }) => (kind === 'entry-point' || path.startsWith('@um/') ? undefined : { path, external: true })),
}

async function codeFlows(service: string): Promise<CodeFlows> {
  const { outputFiles } = await build({
    ...{ absWorkingDir: repository, entryPoints: [join('services', service, 'src/index.ts')], outfile: 'unused.mjs', bundle: true, write: false },
    ...{ platform: 'node', format: 'esm', treeShaking: true, logLevel: 'silent' },
    plugins: [ours],
  })
  const text = outputFiles.map(file => file.text).join('\n')
  const path = await ingressPath(service)
  const isOnServers = !/\bplumbing: false\b/.test(text)
  return {
    service,
    calls: [...new Set([...text.matchAll(/serviceUrl\([`'"]([^`'"]+)[`'"]\)/g)].map(match => (match[1] ?? '').replace(/\$\{[^}]*\}/g, '*')))].sort(),
    usesRedis: isOnServers && /\bcreateRedis\(/.test(text),
    usesRabbitmq: isOnServers && /\bnew Broker\(/.test(text),
    callsInternet: /\bnew AgentPool\(/.test(text) || /from "@(aws-sdk|smithy)\//.test(text),
    hasHealthPort: /\bstartHealth\(/.test(text),
    ...(path === undefined ? {} : { path }),
  }
}

// A program, since the bundler's threads would keep a test from ending.
if (import.meta.main) console.log(JSON.stringify(await Promise.all(findServices().map(codeFlows))))
