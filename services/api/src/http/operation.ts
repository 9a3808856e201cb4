import type { ServerResponse } from 'node:http'
import { ApiError, type ErrorCode } from '@um/shared/errors'
import type { z } from 'zod'
import { readableErrors } from './field-errors.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
/** administrator: a bearer token. tenant: the operation itself checks the tenant's own credentials. */
export type Access = 'public' | 'administrator' | 'tenant'

/** Who holds the bearer token. */
export interface Administrator {
  readonly user: string
  readonly tokenId: string
  readonly tokenExpiresAt: Date
}

/** A request as far as operations may see it. */
export interface RawCall {
  readonly params: Readonly<Record<string, string>>
  readonly query: unknown
  readonly body: unknown
  /** lower-case name; repeated headers are joined */
  header(name: string): string | undefined
  /** of the client, as the proxy in front of us saw it */
  readonly address: string
  /** below `/api/v1`, with the query */
  readonly url: string
  readonly administrator: Administrator | undefined
}
export interface Call<B, Q> extends Omit<RawCall, 'query' | 'body' | 'administrator'> {
  readonly query: Q
  readonly body: B
  /** there for operations of access `administrator` */
  readonly administrator: Administrator
}
export interface Answer {
  readonly status: number
  /** sent as JSON; absent: no content */
  readonly body?: unknown
  /** sent as it is, instead of `body` */
  readonly text?: { readonly type: string; readonly content: string }
  /** goes on until either side ends it; `begin` writes what it has after the headers, instead of `body` */
  readonly stream?: { readonly type: string; begin(out: ServerResponse): void }
  readonly headers?: Readonly<Record<string, string>>
}

export type JsonSchema = Readonly<Record<string, unknown>>
/** For the OpenAPI document: what an answer looks like. */
export interface AnswerFacts {
  readonly description: string
  readonly schema?: z.ZodType | JsonSchema
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly example?: unknown
}

/** One operation of the API: what OpenAPI tells of it and what it does, side by side, so that they cannot drift apart. */
export interface OperationFacts<B extends z.ZodType, Q extends z.ZodType> {
  /** unique; OpenAPI's operationId */
  readonly id: string
  readonly method: Method
  /** OpenAPI template below `/api/v1`, e.g. '/tenants/{id}' */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly access: Access
  /** what the path's parameters are */
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Q
  /** request headers that mean something here */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: B
  /** documents the body where `body` itself says too little, because it is checked later against what is stored */
  readonly bodySchema?: z.ZodType | JsonSchema
  readonly bodyTypes?: readonly string[]
  readonly bodyExample?: unknown
  /** default 1 MiB */
  readonly maxBodyBytes?: number
  readonly answers: Readonly<Record<number, AnswerFacts>>
  readonly problems: readonly ErrorCode[]
  handle(call: Call<z.output<B>, z.output<Q>>): Promise<Answer> | Answer
}

export interface Operation extends Omit<OperationFacts<z.ZodType, z.ZodType>, 'handle'> {
  /** Checks body and query, then does the work. Throws ApiError. */
  run(call: RawCall): Promise<Answer>
}

export function operation<B extends z.ZodType = z.ZodUndefined, Q extends z.ZodType = z.ZodUndefined>(facts: OperationFacts<B, Q>): Operation {
  const { handle, ...rest } = facts
  return {
    ...rest,
    async run(call) {
      const query = facts.query?.safeParse(call.query)
      const body = facts.body?.safeParse(call.body)
      const errors = [...(query?.error ? readableErrors(query.error, '/query') : []), ...(body?.error ? readableErrors(body.error) : [])]
      if (errors.length > 0) throw new ApiError('invalid', 'See errors.', { fields: errors })
      return handle({
        ...call,
        administrator: call.administrator ?? nobody,
        query: query?.data as z.output<Q>,
        body: body?.data as z.output<B>,
      })
    },
  }
}
const nobody: Administrator = { user: '', tokenId: '', tokenExpiresAt: new Date(0) }
