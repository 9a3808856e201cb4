import { type Operation, operation } from '../http/operation.ts'
import { openApiDocument } from './document.ts'

/** `others`: all that the document tells of besides this one. */
export function openApiOperations(others: readonly Operation[], options: { version: string; publicUrl: string }): Operation[] {
  let document: { json: string; value: object } | undefined
  const own = operation({
    id: 'getOpenApi',
    method: 'GET',
    path: '/openapi',
    tag: 'Operation',
    summary: 'This document',
    description: 'OpenAPI 3.1, as JSON; as YAML when `Accept` asks for application/yaml.',
    access: 'public',
    headers: { Accept: 'application/json or application/yaml' },
    answers: { 200: { description: 'OpenAPI 3.1.', schema: { type: 'object' } } },
    problems: [],
    async handle({ header }) {
      if (document === undefined) {
        const value = openApiDocument([...others, own], options)
        document = { value, json: JSON.stringify(value) }
      }
      const headers = { Vary: 'Accept' }
      if (!/\byaml\b/i.test(header('accept') ?? '')) return { status: 200, headers, text: { type: 'application/json; charset=utf-8', content: document.json } }
      // asked for seldom: not worth its memory otherwise
      const { stringify } = await import('yaml')
      return { status: 200, headers, text: { type: 'application/yaml; charset=utf-8', content: stringify(document.value, { aliasDuplicateObjects: false }) } }
    },
  })
  return [own]
}
