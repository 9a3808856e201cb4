import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { repository } from './paths.ts'
import type { KubernetesObject } from './render.ts'
import { isMap } from './values-file.ts'

interface Validator {
  (value: unknown): boolean
  errors?: readonly { readonly instancePath: string; readonly message?: string; readonly keyword: string; readonly params: unknown }[] | null
}

/** Where the compiled schemas of an API group are, and how their names begin; everything else is Kubernetes' own. */
const groups: Readonly<Record<string, { readonly package: string; readonly prefix: string }>> = {
  'keda.sh': { package: '@kubernetes-models/keda', prefix: 'ComGithubKedacoreKedaV2ApisKeda' },
  'monitoring.coreos.com': {
    package: '@kubernetes-models/prometheus-operator',
    prefix: 'ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoring',
  },
}

/**
 * What is wrong with an object according to the schema of its kind: wrong types, missing fields, and fields that the schema
 * does not know. The compiled validators let unknown fields pass, but they read every field that they know: so what they never
 * read is unknown.
 */
export async function schemaErrors(object: KubernetesObject): Promise<string[]> {
  const validate = await validatorOf(object)
  const read = new WeakMap<object, Set<string>>()
  const valid = validate(recordReads(object, read))
  const errors = valid ? [] : (validate.errors ?? []).map(error => `${error.instancePath} breaks ${error.keyword} ${JSON.stringify(error.params)}`)
  return [...errors, ...unreadFields(object, read, '')]
}

async function validatorOf(object: KubernetesObject): Promise<Validator> {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['core', object.apiVersion]
  const { package: name, prefix } = groups[group ?? ''] ?? { package: 'kubernetes-models', prefix: `IoK8sApi${capital(group?.split('.')[0] ?? '')}` }
  const file = join(repository, 'packages/deployment/node_modules', name, '_schemas', `${prefix}${capital(version ?? '')}${object.kind}.js`)
  const module = (await import(pathToFileURL(file).href)) as { validate: Validator }
  return module.validate
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function recordReads<T extends object>(value: T, read: WeakMap<object, Set<string>>): T {
  const fields = read.get(value) ?? new Set<string>()
  read.set(value, fields)
  return new Proxy(value, {
    get(target, key) {
      const inner: unknown = Reflect.get(target, key)
      if (typeof key === 'string') fields.add(key)
      return typeof inner === 'object' && inner !== null ? recordReads(inner, read) : inner
    },
  })
}

function unreadFields(value: unknown, read: WeakMap<object, Set<string>>, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => unreadFields(item, read, `${path}/${index}`))
  if (!isMap(value)) return []
  const fields = read.get(value)
  if (fields === undefined) return []
  return Object.entries(value).flatMap(([key, inner]) => (fields.has(key) ? unreadFields(inner, read, `${path}/${key}`) : [`${path}/${key} is unknown`]))
}
