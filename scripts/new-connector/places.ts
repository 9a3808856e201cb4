export interface ConnectorFacts {
  id: string
  label: string
  role: 'messaging' | 'cx'
}

/** The line in the catalog, and the dependency that it needs. */
export function addToCatalog(index: string, manifest: string, { id }: ConnectorFacts): { index: string; manifest: string } {
  const list = /byId\(\[([^\]]*)\]\)/.exec(index)
  if (list === null) throw new Error('the catalog has no list of connectors')
  const withName = index.replace(list[0], `byId([${list[1]}, ${id}])`)
  const json = JSON.parse(manifest) as { dependencies: Record<string, string> }
  json.dependencies = Object.fromEntries(
    Object.entries({ ...json.dependencies, [`@um/${id}-connector`]: 'workspace:*' }).sort(([a], [b]) => a.localeCompare(b)),
  )
  return { index: `import { ${id} } from '@um/${id}-connector/definition'\n${withName}`, manifest: `${JSON.stringify(json, null, 2)}\n` }
}

/** The block of values, and the alias by which Helm renders the common service chart once more. Services that the chart knows already are switched on. */
export function addToChart(chart: string, values: string, { id, role }: ConnectorFacts): { chart: string; values: string } {
  const name = `${id}-connector`
  const known = new RegExp(`^${name}: \\{ enabled: false,`, 'm')
  if (known.test(values)) return { chart, values: values.replace(known, `${name}: { enabled: true,`) }
  const alias = `  - { name: service, version: ${/name: service, version: ([\d.]+)/.exec(chart)?.[1] ?? '0.0.0'}, alias: ${name}, condition: "${name}.enabled" }`
  const last = [...chart.matchAll(/^ {2}- \{ name: service,.*$/gm)].at(-1)
  const before = /^telegram-connector: .*$/m.exec(values)
  if (last === undefined || before === null) throw new Error('the chart has another form than expected')
  const kind = role === 'cx' ? 'cx' : 'connector'
  return {
    chart: chart.replace(last[0], `${last[0]}\n${alias}`),
    values: values.replace(before[0], `${name}: { enabled: true, kind: ${kind}, path: /${id}, resources: *connector }\n${before[0]}`),
  }
}
