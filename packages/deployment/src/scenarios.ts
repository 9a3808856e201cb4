import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { readChartValues } from './chart-values.ts'
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

/** The golden files show one service of each kind: the others come from the same templates, and become more with the code. */
const shown = ['api', 'telegram-connector', 'gcloudcx-connector', 'aws-provider']

function shownObjects(name: string): KubernetesObject[] {
  const chosen = Object.keys(parse(readFileSync(scenarioFile(name), 'utf8')) as object)
  const hidden = readChartValues().services.filter(service => service.enabled && !shown.includes(service.name) && !chosen.includes(service.name))
  return render({ files: [scenarioFile(name)], values: Object.fromEntries(hidden.map(service => [service.name, { enabled: false }])) })
}

/**
 * The text of a scenario's golden file. Of the default scenario it holds every object; of the others only what they change, so
 * that the file reads as the effect of the values. A scenario marked "golden: inventory" is there for its breadth: a list of
 * the objects' names is enough.
 */
export function goldenText(name: string): string {
  const objects = shownObjects(name)
  if (isInventory(name)) return `${objects.map(keyOf).join('\n')}\n`
  if (name === 'default') return objects.map(asDocument).join('')
  const before = new Map(shownObjects('default').map(object => [keyOf(object), asDocument(object)]))
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
