import { expect } from '@jest/globals'
import { type KubernetesObject, keyOf, type RenderOptions, render } from '../src/render.ts'
import { isMap, valueAt } from '../src/values-file.ts'

/** A value deep inside an object: `at(deployment, 'spec.template.spec.containers.0.image')`. */
export function at(object: unknown, path: string): unknown {
  return valueAt(object, path.split('.'))
}

export function find(objects: readonly KubernetesObject[], key: string): KubernetesObject {
  const found = objects.find(object => keyOf(object) === key)
  if (found === undefined) throw new Error(`there is no ${key}`)
  return found
}

/** Renders for a first installation, with the one value that it cannot do without. */
export function install(values: object | string = {}, options: RenderOptions = {}): KubernetesObject[] {
  return render({ ...options, values, flags: ['--set', 'api.admin.password=correct-horse-battery', ...(options.flags ?? [])] })
}

export function listOf(value: unknown): unknown[] {
  expect(Array.isArray(value)).toBe(true)
  return Array.isArray(value) ? value : []
}

export function container(objects: readonly KubernetesObject[], key: string): Record<string, unknown> {
  const found = at(find(objects, key), 'spec.template.spec.containers.0')
  if (!isMap(found)) throw new Error(`${key} has no container`)
  return found
}

/** What a container's variable is: its value, or `secret/key`. */
export function variable(objects: readonly KubernetesObject[], key: string, name: string): string | undefined {
  const found = listOf(container(objects, key).env).find(entry => at(entry, 'name') === name)
  if (found === undefined) return undefined
  const secret = at(found, 'valueFrom.secretKeyRef')
  return isMap(secret) ? `${String(secret.name)}/${String(secret.key)}` : String(at(found, 'value'))
}

export function decode(object: KubernetesObject, key: string): string {
  return Buffer.from(String(at(object, `data.${key}`)), 'base64').toString()
}
