import type { ChartValues } from './chart-values.ts'
import { type DocumentedKey, isMap } from './values-file.ts'

/** README.md of the chart: what it deploys, and a table of every value. */
export function chartReadme(values: ChartValues, version: string): string {
  const own = values.services.flatMap(({ name, ownKeys }) => ownKeys.map(key => ({ ...key, path: [name, ...key.path] })))
  const nested = values.redis.map(key => ({ ...key, path: ['redis', ...key.path] }))
  const rabbitmq = values.rabbitmq.map(key => ({ ...key, path: ['rabbitmq', ...key.path] }))
  return `<!-- Generated from the comments in the values files by "pnpm --filter @um/deployment generate"; do not edit. -->

# Chart \`universal-messaging\` ${version}

Deploys the services of Universal Messaging, a Redis for each, RabbitMQ and one ingress. Works with Helm 3.9 and later and
Kubernetes 1.19 and later. How to install, upgrade and operate it is told in \`docs/operations/\`; complete values for the usual
clusters are in \`examples/\`.

\`\`\`sh
helm install prod genesys/universal-messaging --namespace messaging --values myconfig.yaml
\`\`\`

## Services

| Service | Kind | Public path | Deployed by default |
| --- | --- | --- | --- |
${values.services.map(s => `| \`${s.name}\` | ${s.kind} | ${s.path === '' ? '' : `\`${s.path}\``} | ${s.enabled ? 'yes' : 'no'} |`).join('\n')}

Each is switched off with \`<service>.enabled: false\`; then nothing of it is rendered.

## Values of the whole

${table([...values.top, ...own])}

## Values of every service

Write them under the service's name, for example \`line-connector.logging.level\`. The default of \`resources\` is in
\`values.yaml\`, since it differs between kinds of services.

${table([...values.service, ...nested])}

## Values of RabbitMQ

${table(rabbitmq)}
`
}

function table(keys: readonly DocumentedKey[]): string {
  const rows = keys.map(key => `| \`${key.path.join('.')}\` | \`${shown(key.default)}\` | ${escaped(key.description)} |`)
  return ['| Key | Default | Description |', '| --- | --- | --- |', ...rows].join('\n')
}

function shown(value: unknown): string {
  if (value === '') return '""'
  return escaped(Array.isArray(value) || isMap(value) ? JSON.stringify(value) : String(value))
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|')
}
