import { defineStorage, type FieldMeta, field } from '@um/shared/contract'
import { z } from 'zod'
import { type Region, regionLabels } from './regions.ts'

const regions = Object.keys(regionLabels) as [Region, ...Region[]]

/** CloudFront's console shows a bare domain name; people copy that. */
const cloudFrontUrl = z
  .preprocess(value => (typeof value === 'string' && /^[a-z0-9.-]+\/*$/i.test(value) ? `https://${value}` : value), field.optionalUrl('CloudFront URL'))
  .meta({
    title: 'CloudFront URL',
    description:
      'Attachments are then fetched from Amazon CloudFront. Without it, each attachment is made readable by anyone who has its URL (ACL "public-read").',
  } satisfies FieldMeta)

export const aws = defineStorage({
  id: 'aws',
  label: 'Amazon Web Services (AWS)',
  settings: z.strictObject({
    accessKeyId: field.text('Access Key Identifier', {
      pattern: /^[A-Z0-9]{16,128}$/,
      hint: 'has 16 to 128 upper-case letters and digits',
      help: 'Of an IAM user that may put and delete objects in the bucket.',
    }),
    secretAccessKey: field.secret('Secret Access Key'),
    region: field.pick('Region', regions, { labels: regionLabels }),
    bucket: field.text('Bucket', {
      pattern: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      hint: 'has 3 to 63 lower-case letters, digits, dots and hyphens, and begins and ends with a letter or digit',
    }),
    cloudFrontUrl,
    accessMode: field.choice('Access', ['auto', 'presigned'], 'auto', {
      help: 'auto: through CloudFront if its URL is given, else with public objects. presigned: the bucket stays private, and URLs end after 7 days.',
      advanced: true,
    }),
    apiUrl: field.optionalUrl('API URL', { help: 'Only for other storages that speak the S3 protocol.', advanced: true }),
    forcePathStyle: field.toggle('Bucket in Path', true, {
      help: 'With an API URL: the bucket is named in the path instead of the host name.',
      advanced: true,
    }),
  }),
})
