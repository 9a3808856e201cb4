import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import { goldens, scenarios } from './paths.ts'
import { type KubernetesObject, keyOf, render } from './render.ts'

/** Names of the scenarios in the chart's `ci/` folder. */
export function scenarioNames(): string[] {
  return readdirSync(scenarios)
    .filter(file => file.endsWith('-values.yaml'))
    .map(file => basename(file, '-values.yaml'))
    .sort()
}

export function scenarioFile(name: string): string {
  return join(scenarios, `${name}-values.yaml`)
}

export function goldenFile(name: string): string {
  return join(goldens, `${name}.yaml`)
}

/**
 * The text of a scenario's golden file. Of the default scenario it holds every object; of the others only what they change, so
 * that the file reads as the effect of the values. A scenario marked "golden: inventory" is there for its breadth: a list of
 * the objects' names is enough.
 */
export function goldenText(name: string): string {
  const objects = render({ files: [scenarioFile(name)] })
  if (isInventory(name)) return `${objects.map(keyOf).join('\n')}\n`
  if (name === 'default') return objects.map(asDocument).join('')
  const before = new Map(render({ files: [scenarioFile('default')] }).map(object => [keyOf(object), asDocument(object)]))
  const changed = objects.filter(object => before.get(keyOf(object)) !== asDocument(object)).map(asDocument)
  const kept = new Set(objects.map(keyOf))
  const gone = [...before.keys()].filter(key => !kept.has(key))
  return [...gone.map(key => `# gone: ${key}\n`), ...changed].join('')
}

function isInventory(name: string): boolean {
  return readFileSync(scenarioFile(name), 'utf8')
    .split('\n', 1)
    .some(line => line.includes('golden: inventory'))
}

function asDocument(object: KubernetesObject): string {
  return `---\n# ${keyOf(object)}\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`
}
