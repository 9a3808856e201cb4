import { type ErrorCode, errorTable } from '@um/shared/errors'
import { z } from 'zod'
import type { AnswerFacts, JsonSchema, Operation } from '../http/operation.ts'
import { type Schemas, schemaCollection } from './schemas.ts'

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string(),
    errors: z
      .array(z.object({ pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'One entry per offending field; `pointer` is a JSON Pointer into the body, or begins with /query.' }),
  })
  .catchall(z.unknown())
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })

const tags = [
  { name: 'Authentication', description: 'Tokens and passwords.' },
  { name: 'Tenants', description: 'A tenant connects an account of a messaging platform with a CX platform.' },
  { name: 'Storages', description: 'Where attachments are kept that have no public address.' },
  { name: 'Settings', description: 'What is common to all services.' },
  { name: 'Catalog', description: 'What can be configured: platforms, storages, notifiers, and the settings of each.' },
  { name: 'Messages', description: 'For IVRs: messages to guests.' },
  { name: 'Dead letters', description: 'Messages that could not be delivered.' },
  { name: 'Journeys', description: 'Where each message is, how it came there, and why it does not go on.' },
  { name: 'Backup', description: 'All of the configuration, to be kept elsewhere.' },
  { name: 'Operation', description: 'How the fleet fares, and who did what.' },
]
const descriptions = {
  administrator: [{ bearer: [] }],
  tenant: [{ tenant: [] }, { bearer: [] }, {}],
  public: [],
} as const satisfies Record<Operation['access'], readonly object[]>

/** OpenAPI 3.1 of all operations. */
export function openApiDocument(operations: readonly Operation[], options: { version: string; publicUrl: string }): JsonSchema {
  const schemas = schemaCollection()
  const problem = schemas.convert(Problem, 'output')
  const paths = Object.fromEntries(
    [...Map.groupBy(operations, ({ path }) => path)].map(([path, members]) => [
      path,
      Object.fromEntries(members.map(member => [member.method.toLowerCase(), describe(member, schemas, problem)])),
    ]),
  )
  return {
    openapi: '3.1.0',
    info: {
      title: 'Universal Messaging API',
      version: options.version,
      description: 'Configures the connection of messaging platforms with contact centres, sends messages from IVRs, and tells how the fleet fares.',
    },
    servers: [{ url: `${options.publicUrl}/api/v1` }],
    tags,
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From /auth/login.' },
        tenant: { type: 'http', scheme: 'basic', description: "The tenant's API authentication." },
      },
      schemas: schemas.components,
    },
  }
}

function describe(member: Operation, schemas: Schemas, problem: JsonSchema): JsonSchema {
  const parameters = [...pathParameters(member), ...queryParameters(member, schemas), ...headerParameters(member)]
  const codes = new Set<ErrorCode>([...member.problems, ...(member.access === 'administrator' ? (['unauthenticated'] as const) : []), 'unavailable'])
  const failures = Map.groupBy(codes, code => errorTable[code].status)
  return {
    operationId: member.id,
    tags: [member.tag],
    summary: member.summary,
    ...(member.description === undefined ? {} : { description: member.description }),
    security: descriptions[member.access],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBody(member, schemas),
    responses: Object.fromEntries([
      ...Object.entries(member.answers).map(([status, facts]) => [status, success(facts, schemas)]),
      ...[...failures]
        .sort(([a], [b]) => a - b)
        .map(([status, members]) => [
          String(status),
          { description: `${members.map(code => errorTable[code].title).join('; ')}.`, content: { 'application/problem+json': { schema: problem } } },
        ]),
    ]),
  }
}

function success(facts: AnswerFacts, schemas: Schemas): JsonSchema {
  return {
    description: facts.description,
    ...(facts.headers === undefined
      ? {}
      : { headers: Object.fromEntries(Object.entries(facts.headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }])) }),
    ...(facts.schema === undefined
      ? {}
      : {
          content: {
            [facts.type ?? 'application/json']: {
              schema: schemas.convert(facts.schema, 'output'),
              ...(facts.example === undefined ? {} : { example: facts.example }),
            },
          },
        }),
  }
}

function requestBody(member: Operation, schemas: Schemas): JsonSchema {
  if (member.body === undefined) return {}
  const schema = schemas.convert(member.bodySchema ?? member.body, 'input')
  const media = { schema, ...(member.bodyExample === undefined ? {} : { example: member.bodyExample }) }
  return { requestBody: { required: true, content: Object.fromEntries((member.bodyTypes ?? ['application/json']).map(type => [type, media])) } }
}

function pathParameters(member: Operation): JsonSchema[] {
  return [...member.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: member.params?.[name] ?? '',
    schema: { type: 'string' },
  }))
}
function queryParameters(member: Operation, schemas: Schemas): JsonSchema[] {
  if (member.query === undefined) return []
  const schema = schemas.convert(member.query, 'input')
  const required = new Set((schema.required as string[] | undefined) ?? [])
  return Object.entries((schema.properties as Record<string, JsonSchema> | undefined) ?? {}).map(([name, { description, ...field }]) => ({
    name,
    in: 'query',
    required: required.has(name),
    ...(description === undefined ? {} : { description }),
    schema: field,
  }))
}
function headerParameters(member: Operation): JsonSchema[] {
  return Object.entries(member.headers ?? {}).map(([name, description]) => ({ name, in: 'header', required: false, description, schema: { type: 'string' } }))
}
