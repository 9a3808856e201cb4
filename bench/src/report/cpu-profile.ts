import { readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { pathToFileURL } from 'node:url'

/** As V8 writes it (`--cpu-prof`): a tree of call frames, and which node was on top at each sample. */
interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number; columnNumber: number }; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}
export interface Cost {
  name: string
  milliseconds: number
  share: number
}
export interface ProfileSummary {
  busyMilliseconds: number
  /** time spent in the code of each package itself */
  packages: Cost[]
  /** functions by the time spent in themselves */
  functions: Cost[]
  /** functions of our own by the time spent in them and in everything that they called */
  inclusive: Cost[]
}

const notWork = new Set(['(idle)', '(root)', '(program)'])

/** `bundle`: the one file that was profiled, with its source map beside it. undefined: it was another program. */
export function summarizeProfile(profileFile: string, bundle: string): ProfileSummary | undefined {
  const profile = JSON.parse(readFileSync(profileFile, 'utf8')) as CpuProfile
  if (!profile.nodes.some(({ callFrame }) => callFrame.url === pathToFileURL(bundle).href)) return undefined
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0])
  const self = new Map<number, number>()
  for (const [index, id] of profile.samples.entries()) self.set(id, (self.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000)

  const placed = new Map(profile.nodes.map(node => [node.id, { ...place(node.callFrame, map), children: node.children ?? [] }]))
  const byPackage = new Map<string, number>()
  const byFunction = new Map<string, number>()
  const byInclusive = new Map<string, number>()
  let busy = 0
  for (const [id, milliseconds] of self) {
    const node = placed.get(id)
    if (node === undefined || notWork.has(node.function)) continue
    busy += milliseconds
    add(byPackage, node.package, milliseconds)
    add(byFunction, `${node.function} (${node.file})`, milliseconds)
  }

  const total = (id: number, above: ReadonlySet<string>): number => {
    const node = placed.get(id)
    if (node === undefined || notWork.has(node.function)) return node === undefined ? 0 : node.children.reduce((sum, child) => sum + total(child, above), 0)
    const name = `${node.function} (${node.file})`
    const isOuter = !above.has(name)
    const inside = isOuter ? new Set([...above, name]) : above
    const milliseconds = (self.get(id) ?? 0) + node.children.reduce((sum, child) => sum + total(child, inside), 0)
    if (isOuter && node.package.startsWith('our ')) add(byInclusive, name, milliseconds)
    return milliseconds
  }
  const root = profile.nodes[0]
  if (root !== undefined) total(root.id, new Set())

  const ranked = (costs: Map<string, number>, count: number): Cost[] =>
    [...costs]
      .map(([name, milliseconds]) => ({ name, milliseconds, share: milliseconds / busy }))
      .sort((a, b) => b.milliseconds - a.milliseconds)
      .slice(0, count)
  return { busyMilliseconds: busy, packages: ranked(byPackage, 20), functions: ranked(byFunction, 40), inclusive: ranked(byInclusive, 40) }
}

function add(costs: Map<string, number>, name: string, milliseconds: number): void {
  costs.set(name, (costs.get(name) ?? 0) + milliseconds)
}

function place(frame: CpuProfile['nodes'][number]['callFrame'], map: SourceMap): { function: string; file: string; package: string } {
  const name = frame.functionName === '' ? '(anonymous)' : frame.functionName
  if (frame.url.startsWith('node:'))
    return { function: name, file: frame.url, package: `node (${frame.url.replace(/^node:(?:internal\/)?/, '').split('/')[0]})` }
  if (frame.url === '') return { function: name, file: 'native', package: name === '(garbage collector)' ? 'garbage collector' : 'native' }
  const entry = map.findEntry(frame.lineNumber, frame.columnNumber)
  const source = 'originalSource' in entry ? entry.originalSource : ''
  const file = source.replace(/^(?:\.\.\/)+/, '')
  const ofPackage = /node_modules\/(?:\.pnpm\/[^/]+\/node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]
  return { function: name, file: file.replace(/^.*node_modules\//, ''), package: ofPackage ?? `our ${file.split('/').slice(0, 4).join('/')}` }
}
