import { z } from 'zod'
import { type Operation, operation } from '../http/operation.ts'
import type { AuditTrail } from './trail.ts'

const Entry = z
  .object({
    id: z.string(),
    at: z.string(),
    who: z.string(),
    address: z.string(),
    action: z.string(),
    target: z.object({ collection: z.string(), id: z.string(), name: z.string().optional() }).optional(),
    changed: z.array(z.string()).optional().meta({ description: 'JSON pointers of what was changed; no values.' }),
  })
  .meta({ id: 'AuditEntry' })

export function auditOperations(audit: AuditTrail): Operation[] {
  return [
    operation({
      id: 'listAudit',
      method: 'GET',
      path: '/audit',
      tag: 'Operation',
      summary: 'Who did what',
      description: 'Latest first. The last 10,000 entries are kept.',
      access: 'administrator',
      query: z.object({
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        before: z
          .string()
          .regex(/^\d{1,15}-\d{1,15}$/, 'is not the id of an entry')
          .optional()
          .meta({ description: 'Id of the last entry of the page before.' }),
      }),
      answers: { 200: { description: 'The entries.', schema: z.array(Entry) } },
      problems: ['invalid'],
      async handle({ query }) {
        return { status: 200, body: await audit.list(query.limit, query.before) }
      },
    }),
  ]
}
