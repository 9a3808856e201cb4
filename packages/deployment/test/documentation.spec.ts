import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { repository } from '../src/paths.ts'
import { type KubernetesObject, runHelm, template } from '../src/render.ts'
import { scenarioFile } from '../src/scenarios.ts'
import { isMap } from '../src/values-file.ts'
import { fakeMachine } from './fake-tools.ts'
import { install } from './look.ts'

const folder = join(repository, 'docs/operations')
const pages = readdirSync(folder).filter(file => file.endsWith('.md'))
const shell = pages.flatMap(page => snippetsOf(page, 'sh'))
const values = pages.flatMap(page => snippetsOf(page, 'yaml')).filter(({ text }) => !text.startsWith('host:'))
const everything = install({ global: { metrics: { prometheusUrl: 'http://p' } } }, { files: [scenarioFile('all-services')] })
const commands = shell.flatMap(({ page, text }) => commandsOf(text).map(command => ({ page, command })))

interface Snippet {
  readonly page: string
  readonly name: string
  readonly text: string
}

describe('shell commands on the pages for operators', () => {
  it.each(shell.map(({ name, text }) => [name, text]))('can be read by bash, without a complaint of shellcheck: %s', (_name, text) => {
    // 2086, 2154: variables of the reader's own; 2034: set to be used on the command line
    const checked = spawnSync('shellcheck', ['--shell', 'bash', '--severity', 'warning', '--exclude', 'SC2034,SC2154', '-'], {
      input: filledIn(text),
      encoding: 'utf8',
    })

    expect([checked.error, checked.stdout, checked.status]).toEqual([undefined, '', 0])
  })

  it('name objects that the chart makes', () => {
    const names = new Set(everything.flatMap(namesOf))

    const named = commands.flatMap(({ page, command }) =>
      [...command.matchAll(/\bprod-[a-z0-9-]+/g)].map(match => `${page}: ${match[0]}`).filter(() => command.includes('kubectl')),
    )

    expect(named.length).toBeGreaterThan(8)
    expect(named.filter(entry => !names.has(entry.split(': ')[1] ?? ''))).toEqual([])
  })

  it('select by labels that something has', () => {
    const labels = new Set(everything.flatMap(labelsOf))

    const selectors = commands.flatMap(({ command }) => [...command.matchAll(/(?:-l|--selector)[ =]([\w./-]+=[\w-]+)(?= |$|\))/g)].map(match => match[1] ?? ''))

    expect(selectors).toEqual(expect.arrayContaining(['app.kubernetes.io/name=api-redis', 'app=rabbitmq', 'connector=gcloudcx']))
    expect(selectors.filter(selector => !labels.has(selector))).toEqual([])
  })

  it('read keys that those secrets have', () => {
    const keys = new Set(everything.filter(({ kind }) => kind === 'Secret').flatMap(({ data }) => (isMap(data) ? Object.keys(data) : [])))

    const read = shell.flatMap(({ text }) => [...text.matchAll(/\.data\.([a-z-]+)/g)].map(match => match[1] ?? ''))

    expect(new Set(read)).toEqual(new Set(['redis-password', 'rabbitmq-password', 'rabbitmq-erlang-cookie']))
    expect(read.filter(key => !keys.has(key))).toEqual([])
  })

  it.each(commands.filter(({ command }) => /^helm (install|upgrade) .*universal-messaging/.test(command)).map(({ command }) => command))(
    'Helm takes the chart with them: %s',
    command => {
      const words = command
        .split(' ')
        .slice(1)
        .map(word => (word === 'genesys/universal-messaging' ? join(repository, 'charts/universal-messaging') : word))
        .map(word => (word.endsWith('.yaml') ? scenarioFile('default') : word))

      // install and upgrade ask the cluster; "template" takes the same words and asks nobody
      const { status, stderr } = runHelm('3.17.1', ['template', ...words.slice(1)])

      expect([status, stderr]).toEqual([0, ''])
    },
  )

  it('install.sh takes the options that it is shown with', () => {
    const command = commands.find(each => each.command.startsWith('./install.sh'))?.command ?? ''
    const words = command.split(' ').slice(1)

    const { status, output } = fakeMachine().run([...words, '--dry-run'])

    expect(status).toBe(0)
    expect(output).toContain('+ helm upgrade --install prod genesys/universal-messaging')
  })

  it('gum-cli knows the options that it is shown with', () => {
    const help = spawnSync(process.execPath, [join(repository, 'packages/gum-cli/src/main.ts'), '--help'], { encoding: 'utf8' }).stdout
    const used = commands.filter(({ command }) => /\bgum-cli /.test(command)).flatMap(({ command }) => command.match(/ --[a-z-]+/g) ?? [])

    expect(used).toEqual(expect.arrayContaining([' --host', ' --output', ' --input']))
    for (const option of used) expect(help).toContain(option.trim())
  })

  it('docker/build.sh lists an image for each service that has code', () => {
    const { stdout, status } = spawnSync(join(repository, 'docker/build.sh'), ['--list'], { encoding: 'utf8' })

    expect(status).toBe(0)
    expect(stdout).toContain('api gum/api:')
  })
})

describe('values on the pages for operators', () => {
  it.each(values.map(({ name, text }) => [name, text]))('are taken by the chart: %s', (_name, text) => {
    expect(isMap(parse(text))).toBe(true)

    const { status, stderr } = template({ values: text.replaceAll(/<[^>]+>/g, 'something'), flags: ['--set', 'api.admin.password=x'] })

    expect([status, stderr]).toEqual([0, ''])
  })
})

/** The snippets of a page in a language, without the indentation of the list that they stand in. */
function snippetsOf(page: string, language: string): Snippet[] {
  const found = [...readFileSync(join(folder, page), 'utf8').matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\`$`, 'gms'))]
  return found.map(([, indentation = '', text = ''], index) => ({
    page,
    name: `${basename(page, '.md')} ${index + 1}`,
    text: text.replaceAll(new RegExp(`^${indentation}`, 'gm'), ''),
  }))
}

/** Commands with their continued lines joined, and without what follows in a pipe or a comment. */
function commandsOf(text: string): string[] {
  return text
    .replaceAll(/ *\\\n */g, ' ')
    .split('\n')
    .map(line => line.replace(/ +#.*$/, '').trim())
    .filter(line => line !== '')
}

function filledIn(text: string): string {
  return text.replaceAll(/<([a-z -]+)>/g, 'something')
}

/** What an object is called, and what Kubernetes will call the pods and claims of a StatefulSet. */
function namesOf({ kind, metadata: { name } }: KubernetesObject): string[] {
  return kind === 'StatefulSet' ? [name, `${name}-0`] : [name]
}

function labelsOf(object: KubernetesObject): string[] {
  const template = isMap(object.spec) && isMap(object.spec.template) && isMap(object.spec.template.metadata) ? object.spec.template.metadata.labels : {}
  return Object.entries({ ...object.metadata.labels, ...(isMap(template) ? template : {}) }).map(([name, value]) => `${name}=${String(value)}`)
}
