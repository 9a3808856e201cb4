import { spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { repository } from '../src/paths.ts'
import { template } from '../src/render.ts'
import { fakeMachine } from './fake-tools.ts'

const mandatory = ['--release', 'prod', '--registry-username', 'acme', '--registry-password', 'pull-secret-1', '--registry-email', 'ops@acme.org']
const strong = ['--api-password', 'correct-horse-battery-staple']
const on = (flavor: string, ...more: string[]) => ['--flavor', flavor, ...mandatory, ...strong, ...more]
const deploy = [
  'helm repo add',
  'helm repo update',
  'kubectl create namespace messaging',
  'kubectl create secret docker-registry',
  'helm upgrade --install prod genesys/universal-messaging',
]

describe('a dry run prints the commands of the guide in order, and runs none', () => {
  it.each([
    ['aks', ['az provider register', 'az group create --name prod', 'az aks create', 'az aks get-credentials', 'kubectl get nodes', ...deploy]],
    [
      'eks',
      [
        'eksctl create cluster',
        'eksctl utils associate-iam-oidc-provider',
        'aws iam create-policy',
        'eksctl create iamserviceaccount',
        'helm repo add --force-update eks',
        'helm upgrade -i aws-load-balancer-controller',
        'kubectl rollout status',
        'kubectl get nodes',
        ...deploy,
      ],
    ],
    ['gke', ['gcloud container clusters create', 'gcloud container clusters get-credentials', 'kubectl get nodes', ...deploy]],
    ['microk8s', ['sudo snap install microk8s --classic', 'sudo microk8s enable', 'sudo iptables -P FORWARD ACCEPT', 'kubectl get nodes', ...deploy]],
  ])('on %s', (flavor, expected) => {
    const machine = fakeMachine()

    const { status, output, calls } = machine.run(on(flavor, '--dry-run'))

    expect(status).toBe(0)
    expect(calls).toEqual([])
    expect(machine.hasConfiguration()).toBe(false)
    let from = 0
    for (const command of expected) {
      const found = output.indexOf(`+ ${command}`, from)
      expect([command, found >= 0]).toEqual([command, true])
      from = found + 1
    }
  })

  it('without the tools being there', () => {
    const { status } = fakeMachine().run(on('aks', '--dry-run'), { missing: ['az', 'kubectl', 'helm'] })

    expect(status).toBe(0)
  })
})

describe('a first run', () => {
  it('makes the cluster with the asked workers, then installs the chart with the configuration it wrote', () => {
    const machine = fakeMachine()

    const { status, calls } = machine.run(on('aks', '--workers', '5', '--az-resource-location', 'japaneast', '--namespace', 'chat', '--cluster', 'blue'))

    expect(status).toBe(0)
    expect(calls).toContain('az group create --name prod --location japaneast')
    expect(calls.find(call => call.startsWith('az aks create'))).toMatch(/--name blue --node-count 5 /)
    expect(calls).toContain('kubectl create namespace chat')
    expect(calls.at(-1)).toBe(`helm upgrade --install prod genesys/universal-messaging --namespace chat --values ${machine.config} --timeout 15m`)
  })

  it('writes a configuration that only its owner may read', () => {
    const machine = fakeMachine()

    machine.run(on('gke', '--api-root', 'www.acme.org', '--redis-password', 'a"b\\c', '--rabbitmq-password', 'r', '--rabbitmq-erlang-cookie', 'c'))

    expect(statSync(machine.config).mode & 0o777).toBe(0o600)
    expect(machine.configuration()).toMatchObject({
      global: { redis: { password: 'a"b\\c' }, serviceType: 'NodePort' },
      rabbitmq: { auth: { password: 'r', erlangCookie: 'c' } },
      api: { admin: { password: 'correct-horse-battery-staple' }, api_root: 'https://www.acme.org' },
    })
  })

  it.each(['aks', 'eks', 'gke', 'microk8s'])('writes a configuration for %s that the chart takes', flavor => {
    const machine = fakeMachine()
    machine.run(on(flavor))

    const { status, stderr } = template({ files: [machine.config] })

    expect([status, stderr]).toEqual([0, ''])
  })

  it('announces each password that it makes up, without showing it', () => {
    const machine = fakeMachine()

    const { output } = machine.run(['--flavor', 'gke', ...mandatory])

    const { api, global, rabbitmq } = machine.configuration()
    for (const option of ['--api-password', '--redis-password', '--rabbitmq-password', '--rabbitmq-erlang-cookie'])
      expect(output).toContain(`WARNING: no ${option}`)
    const made = [...JSON.stringify([api, global, rabbitmq]).matchAll(/"([A-Za-z0-9]{32})"/g)].map(match => match[1] ?? '')
    expect(new Set(made).size).toBe(4)
    for (const password of made) expect(output).not.toContain(password)
  })

  it('shows no password, but gives the registry’s to kubectl', () => {
    const { output, calls } = fakeMachine().run(on('gke'))

    expect(output).not.toMatch(/pull-secret-1|correct-horse/)
    expect(calls.join('\n')).toContain('--docker-password=pull-secret-1')
  })

  it('takes another chart and other images for another stage', () => {
    const machine = fakeMachine()

    const { calls } = machine.run(on('gke', '--stage', 'beta', '--helm-debug'))

    expect(calls.find(call => call.startsWith('helm repo add'))).toMatch(/\/beta$/)
    expect(calls.at(-1)).toMatch(/--devel --debug$/)
    expect(machine.configuration().global?.image).toMatchObject({ tag: 'beta', pullPolicy: 'Always' })
  })
})

describe('a further run', () => {
  it('leaves alone what is there, keeps the passwords, and upgrades', () => {
    const machine = fakeMachine()
    machine.run(['--flavor', 'aks', ...mandatory])
    const before = readFileSync(machine.config, 'utf8')

    const { status, calls, output } = machine.run(['--flavor', 'aks', ...mandatory], { exists: ['az group show', 'az aks show', 'kubectl get namespace'] })

    expect(status).toBe(0)
    expect(readFileSync(machine.config, 'utf8')).toBe(before)
    expect(calls.filter(call => /^az (group|aks) create|^kubectl create namespace/.test(call))).toEqual([])
    expect(calls.at(-1)).toMatch(/^helm upgrade --install prod/)
    expect(output).not.toContain('WARNING: no --api-password')
  })

  it('refuses a password that the configuration contradicts', () => {
    const machine = fakeMachine()
    machine.run(on('gke'))

    const { status, output, calls } = machine.run(on('gke', '--redis-password', 'another'))

    expect(status).toBe(1)
    expect(output).toContain('has another value than --redis-password')
    expect(calls).toEqual([])
  })
})

describe('a run that fails half-way', () => {
  it('stops at the command that failed, says so, and goes on from there the next time', () => {
    const machine = fakeMachine()

    const first = machine.run(on('gke'), { fails: 'gcloud container clusters get-credentials' })
    const second = machine.run(on('gke'), { exists: ['gcloud container clusters describe'] })

    expect(first.status).toBe(1)
    expect(first.calls.at(-1)).toBe('gcloud container clusters get-credentials messaging-cluster')
    expect(first.output).toContain('this command failed, and nothing after it was done: gcloud container clusters get-credentials messaging-cluster')
    expect(second.status).toBe(0)
    expect(second.calls).not.toContain('gcloud container clusters create messaging-cluster --num-nodes 3')
    expect(second.calls.at(-1)).toMatch(/^helm upgrade --install/)
  })

  it('points at the job’s log when Helm fails', () => {
    const { status, output } = fakeMachine().run(on('gke'), { fails: 'helm upgrade --install prod' })

    expect(status).toBe(1)
    expect(output).toContain('kubectl logs --namespace messaging job/prod-set-admin-password')
  })

  it('stops when the pull secret cannot be made', () => {
    const { status, calls } = fakeMachine().run(on('gke'), { fails: 'kubectl create secret' })

    expect(status).toBe(1)
    expect(calls.filter(call => call.startsWith('helm upgrade'))).toEqual([])
  })
})

describe('options are refused before anything is done', () => {
  it.each([
    ['a missing one', ['--flavor', 'aks', '--release', 'prod'], '--registry-username --registry-password --registry-email'],
    ['an unknown flavor', on('openshift'), 'unknown flavor openshift'],
    ['an unknown option', on('aks', '--wrokers', '3'), 'unknown option --wrokers'],
    ['an option without its value', on('aks', '--stage'), ''],
    ['two workers on AKS', on('aks', '--workers', '2'), 'at least 3 workers'],
    ['two workers on microk8s', on('microk8s', '--workers', '2'), 'exactly 1 worker'],
    ['workers that are no number', on('gke', '--workers', 'many'), 'must be a number'],
    ['a release name that Kubernetes would choke on', ['--flavor', 'gke', ...mandatory, '--release', 'a-release-that-is-too-long'], '1 to 17'],
    ['a weak password', ['--flavor', 'gke', ...mandatory, '--api-password', 'S3cr3t P@ssw0rd!'], 'too easy to guess'],
  ])('%s', (_what, args, message) => {
    const machine = fakeMachine()

    const { status, output, calls } = machine.run(args.at(-1) === '--stage' ? args.slice(0, -1).concat('--stage=') : args)

    expect(status).not.toBe(0)
    expect(output).toContain(message)
    expect(calls).toEqual([])
    expect(machine.hasConfiguration()).toBe(false)
  })

  it('tools that are not installed', () => {
    const { status, output, calls } = fakeMachine().run(on('eks'), { missing: ['eksctl', 'aws'] })

    expect(status).toBe(1)
    expect(output).toContain('not installed here: aws eksctl')
    expect(calls).toEqual([])
  })
})

describe('options of Azure', () => {
  it.each(['--az-subscription', '-az-subscription', '-az-sunscription'])('%s chooses the subscription', option => {
    const { calls } = fakeMachine().run(on('aks', option, 'payer', '-az-resource-group', 'chat'))

    expect(calls).toContain('az account set --subscription payer')
    expect(calls).toContain('az group create --name chat')
  })
})

describe('the estimate of a password’s strength', () => {
  const require = createRequire(join(repository, 'services/api/package.json'))
  const zxcvbn = require('zxcvbn') as (password: string) => { score: number }
  const weak = [
    'password',
    'S3cr3t P@ssw0rd!',
    's1ms3cr3t',
    'Welcome2024!',
    'qwertyuiop123',
    'Tr0ub4dour&3',
    'correcthorse',
    '19850412',
    'abcdefgh1234',
    'Messaging2021',
    'aaaaaaaaaaaaaa',
    'elephant99',
  ]
  const fine = ['correct-horse-battery-staple', 'kV8#pZ2!wQ6m', 'Xk4rTz9LmQ2vB7nW', 'ocean7 velvet umbrella9 quartz']

  it.each(weak)('refuses %s', password => {
    expect(accepted(password)).toBe(false)
  })

  it.each(fine)('takes %s, as zxcvbn does', password => {
    expect([accepted(password), zxcvbn(password).score >= 3]).toEqual([true, true])
  })

  it('never takes what zxcvbn refuses, which would fail only when the cluster stands', () => {
    const passwords = [
      'dragon',
      'monkey12',
      'sunshine1',
      'iloveyou!',
      'zxcvbnm123',
      'p@ssw0rd99',
      'october2023',
      'jennifer1990',
      'football77!',
      'Summer2024#',
      'lkjhgfdsa',
      'asdfghjkl;',
      '1q2w3e4r5t',
      'trustno1!!',
    ]

    const taken = passwords.filter(accepted)

    expect(taken.filter(password => zxcvbn(password).score < 3)).toEqual([])
  })

  function accepted(password: string): boolean {
    return fakeMachine().run(['--flavor', 'gke', ...mandatory, '--dry-run', '--api-password', password]).status === 0
  }
})

it('shellcheck has nothing to say about the scripts', () => {
  const scripts = ['scripts/install.sh', 'docker/build.sh', 'docker/local-base.sh', 'docker/assemble.sh', 'docker/node-runtime.sh'].map(file =>
    join(repository, file),
  )

  const { status, stdout, error } = spawnSync('shellcheck', scripts, { encoding: 'utf8' })

  expect(error).toBeUndefined()
  expect([status, stdout]).toEqual([0, ''])
})
