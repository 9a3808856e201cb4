import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { staleFiles } from '../src/generate.ts'
import { helmVersions } from '../src/helm-releases.ts'
import { schemaErrors } from '../src/kubernetes-schema.ts'
import { chart } from '../src/paths.ts'
import { provideHelm } from '../src/provide-helm.ts'
import { keyOf, render, runHelm } from '../src/render.ts'
import { goldenFile, goldenText, scenarioFile, scenarioNames } from '../src/scenarios.ts'
import { install } from './look.ts'

const examples = readdirSync(join(chart, 'examples')).map(file => join(chart, 'examples', file))

beforeAll(() => {
  for (const version of helmVersions) provideHelm(version)
}, 300_000)

describe.each(helmVersions)('Helm %s', helm => {
  it.each(scenarioNames())('lints the scenario %s without a complaint', name => {
    const { status, stdout, stderr } = runHelm(helm, ['lint', '--strict', chart, '--values', scenarioFile(name)])

    expect(`${stdout}${stderr}`).not.toMatch(/WARN|ERROR/)
    expect(status).toBe(0)
  })

  it.each(scenarioNames())('renders the scenario %s as Helm 3.17 does', name => {
    const objects = render({ helm, files: [scenarioFile(name)] })

    expect(objects).toEqual(render({ files: [scenarioFile(name)] }))
  })
})

describe('golden files', () => {
  it.each(scenarioNames())('%s renders as it was last looked at', name => {
    const text = goldenText(name)

    // On an intended change: pnpm --filter @um/deployment golden, then read the diff.
    expect(text).toBe(readFileSync(goldenFile(name), 'utf8'))
  })

  it('are there for exactly the scenarios', () => {
    const files = readdirSync(join(chart, 'ci/golden')).sort()

    expect(files).toEqual(scenarioNames().map(name => `${name}.yaml`))
  })
})

describe('generated files', () => {
  it('follow the comments in the values files', () => {
    expect(staleFiles()).toEqual([])
  })
})

describe('every object fits the schema of its kind', () => {
  it.each(scenarioNames())('in the scenario %s', async name => {
    const errors = await errorsOf(render({ files: [scenarioFile(name)] }))

    expect(errors).toEqual([])
  })

  it.each(examples)('in the example %s', async file => {
    const errors = await errorsOf(install({}, { files: [file] }))

    expect(errors).toEqual([])
  })

  it('and a schema finds a wrong type, a missing field and an unknown field', async () => {
    const [deployment] = install().filter(object => object.kind === 'Deployment')
    const broken = { ...deployment, spec: { template: { spec: { containers: [{ name: 'x', ports: [{ containerPort: '3000' }], volumMounts: [] }] } } } }

    const errors = await schemaErrors(broken as never)

    expect(errors).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/selector/),
        expect.stringMatching(/containerPort breaks type/),
        expect.stringMatching(/volumMounts is unknown/),
      ]),
    )
  })
})

it('a cluster older than 1.30 gets no preStop sleep, which it would refuse', () => {
  const objects = install({}, { kubeVersion: '1.29.0' })

  expect(JSON.stringify(objects)).not.toContain('preStop')
})

async function errorsOf(objects: ReturnType<typeof render>): Promise<string[]> {
  const errors = await Promise.all(objects.map(async object => (await schemaErrors(object)).map(error => `${keyOf(object)}: ${error}`)))
  return errors.flat()
}
