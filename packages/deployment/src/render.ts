import { spawnSync } from 'node:child_process'
import { parseAllDocuments, stringify } from 'yaml'
import type { HelmVersion } from './helm-releases.ts'
import { chart } from './paths.ts'
import { provideHelm } from './provide-helm.ts'
import { isMap } from './values-file.ts'

/** A rendered Kubernetes object; what is inside is looked at by the tests that care. */
export interface KubernetesObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> }
  readonly [key: string]: unknown
}

export interface RenderOptions {
  readonly helm?: HelmVersion
  readonly release?: string
  readonly namespace?: string
  /** values files on disk */
  readonly files?: readonly string[]
  /** values as YAML text or as an object; they win over the files */
  readonly values?: string | object
  readonly kubeVersion?: string
  readonly flags?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

export interface Outcome {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a Helm command on the chart and tells how it went. */
export function runHelm(version: HelmVersion, args: readonly string[], input = '', environment: Readonly<Record<string, string>> = {}): Outcome {
  const { status, stdout, stderr } = spawnSync(provideHelm(version), args, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, HELM_NO_PLUGINS: '1', ...environment },
  })
  return { status, stdout, stderr }
}

/** `helm template`, without a judgement: for values that are meant to be refused. */
export function template(options: RenderOptions = {}): Outcome {
  const { helm = '3.17.1', release = 'prod', namespace = 'messaging', files = [], values = {}, kubeVersion = '1.31.0', flags = [], environment } = options
  const args = ['template', release, chart, '--namespace', namespace, '--kube-version', kubeVersion]
  for (const file of files) args.push('--values', file)
  return runHelm(helm, [...args, '--values', '-', ...flags], typeof values === 'string' ? values : stringify(values), environment)
}

/** The objects of a rendering that must succeed, sorted by kind and name. */
export function render(options: RenderOptions = {}): KubernetesObject[] {
  const { status, stdout, stderr } = template(options)
  if (status !== 0) throw new Error(stderr)
  return parseObjects(stdout)
}

export function parseObjects(text: string): KubernetesObject[] {
  const objects = parseAllDocuments(text).map(document => {
    if (document.errors.length > 0) throw document.errors[0]
    return document.toJS() as unknown
  })
  return objects.filter(isObject).sort((a, b) => keyOf(a).localeCompare(keyOf(b), 'en'))
}

export function keyOf(object: KubernetesObject): string {
  return `${object.kind}/${object.metadata.name}`
}

function isObject(value: unknown): value is KubernetesObject {
  return isMap(value) && typeof value.kind === 'string' && isMap(value.metadata)
}
