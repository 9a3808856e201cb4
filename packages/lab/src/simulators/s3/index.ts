import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import S3rver from 's3rver'
import accounts from 's3rver/lib/models/account.js'
import { BoundedMap } from '../../kit/bounded-map.ts'
import type { LabContext } from '../../kit/context.ts'
import { requestUrl, sendBytes } from '../../kit/exchange.ts'
import { FaultBoard, type Hit } from '../../kit/faults/board.ts'
import { downKind, requestKinds } from '../../kit/faults/kinds.ts'
import { planOf, silence } from '../../kit/faults/plan.ts'
import { Listener } from '../../kit/listener.ts'
import { Ring } from '../../kit/ring.ts'
import type { Simulator } from '../../kit/simulator.ts'
import type { Audit, FaultKind } from '../../protocol.ts'
import { readCall, type S3Call, s3Operations } from './operation.ts'
import { type Keys, type Verdict, verifySignature } from './signature.ts'

export interface S3Options {
  port?: number
  bucket?: string
  keys?: Keys
  /** anonymous readers get objects only that were stored with `public-read`; default false: everything can be read */
  enforceAcl?: boolean
  /** as a bucket with "Bucket owner enforced": whoever sends an ACL is refused */
  refuseAcl?: boolean
}
/** One request that changed or read objects. */
export interface S3Record {
  at: number
  operation: string
  bucket: string
  key: string
  status: number
  acl?: string
}

const kinds: readonly FaultKind[] = [
  ...requestKinds.map(kind => (kind.kind === 'rateLimit' ? { ...kind, title: 'Slow down (503)', help: 'Refuses requests with SlowDown.', params: [] } : kind)),
  { kind: 'badToken', title: 'Keys revoked (403)', help: 'Refuses the access key.', on: 'requests', params: [], where: ['account', 'operation'] },
  downKind,
]

/** S3 on s3rver, which stores objects in a folder of its own; signatures and ACLs, which s3rver does not check, are checked here. */
export class S3Store implements Simulator {
  readonly id = 's3'
  readonly label = 'S3 storage'
  readonly bucket: string
  readonly keys: Keys
  readonly faults: FaultBoard
  private readonly context: LabContext
  private readonly options: S3Options
  private readonly directory: string
  private readonly store: S3rver
  private readonly serve: RequestListener
  private readonly acls: BoundedMap<string, string>
  private readonly log: Ring<S3Record>
  private readonly totals: Record<string, number> = {}
  private listener: Listener | undefined

  static async start(context: LabContext, options: S3Options = {}): Promise<S3Store> {
    const directory = await mkdtemp(join(tmpdir(), 'um-lab-s3-'))
    const store = new S3Store(context, options, directory)
    await store.store.configureBuckets()
    store.listener = await Listener.open(
      (req, res) => {
        store.handle(req, res).catch(error => context.report(error, 's3 simulator'))
      },
      context.host,
      options.port ?? 0,
    )
    return store
  }

  private constructor(context: LabContext, options: S3Options, directory: string) {
    this.context = context
    this.options = options
    this.directory = directory
    this.bucket = options.bucket ?? 'um-demo'
    this.keys = options.keys ?? { accessKeyId: 'LABSTORAGEKEY0000001', secretAccessKey: 'a-secret-for-the-lab-only' }
    accounts.DUMMY_ACCOUNT.createKeyPair(this.keys.accessKeyId, this.keys.secretAccessKey)
    this.store = new S3rver({ silent: true, directory, vhostBuckets: false, configureBuckets: [{ name: this.bucket }] })
    this.serve = this.store.callback()
    this.acls = new BoundedMap(context.limits.ids)
    this.log = new Ring(context.limits.audit)
    this.faults = new FaultBoard({
      simulator: this.id,
      label: this.label,
      kinds,
      operations: s3Operations,
      changed: () => context.faultsChanged(),
      now: () => context.now(),
    })
    this.faults.onDown = isDown => (isDown ? this.opened().down() : this.opened().raise())
  }

  /** For a storage's `apiUrl`, with `forcePathStyle`. */
  get url(): string {
    return `http://${this.context.publicHost}:${this.opened().port}`
  }
  get isUp(): boolean {
    return this.opened().isUp
  }
  counters(): Record<string, number> {
    return { ...this.totals }
  }
  audit(): Audit {
    return { simulator: this.id, counters: this.counters(), repeated: [] }
  }
  /** Objects stay: links to them may be in messages that others still show. */
  reset(): void {
    this.log.clear()
    for (const name of Object.keys(this.totals)) delete this.totals[name]
  }
  async close(): Promise<void> {
    this.faults.close()
    await this.listener?.down()
    this.store.logger.close()
    await rm(this.directory, { recursive: true, force: true })
  }

  /** Requests as they came, oldest first (bounded by `limits.audit`). */
  requests(operation?: string): S3Record[] {
    return this.log.all().filter(record => operation === undefined || record.operation === operation)
  }
  /** `public-read`, or undefined when the object was stored without an ACL. */
  aclOf(key: string): string | undefined {
    return this.acls.get(`${this.bucket}/${key}`)
  }

  private async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const began = performance.now()
    const call = readCall(req.method ?? 'GET', requestUrl(req))
    const plan = planOf(this.faults.strike('requests', { operation: call.operation, account: call.bucket }))
    if (plan.delayMs > 0) await sleep(plan.delayMs)
    res.on('close', () => this.record(call, req, res.writableEnded ? res.statusCode : 0, began, plan.fault))
    if (plan.before !== undefined) {
      if (silence(plan.before, res)) return
      return this.refuse(req, res, faultError(plan.before))
    }
    const refusal = this.check(call, req)
    if (refusal !== undefined) return this.refuse(req, res, refusal)
    if (plan.after !== undefined) this.withhold(plan.after, res)
    const acl = req.headers['x-amz-acl']
    if (typeof acl === 'string') this.acls.set(`${call.bucket}/${call.key}`, acl)
    this.serve(req, res)
  }

  private check(call: S3Call, req: IncomingMessage): S3Error | undefined {
    const verdict = verifySignature(req, this.keys, this.context.now())
    if (verdict === 'none') {
      const isRead = call.operation === 'GetObject' || call.operation === 'HeadObject'
      const isPublic = this.options.enforceAcl !== true || this.acls.get(`${call.bucket}/${call.key}`)?.startsWith('public-read') === true
      return isRead && isPublic ? undefined : { status: 403, code: 'AccessDenied', message: 'Access Denied' }
    }
    if (verdict !== 'valid') return signatureErrors[verdict]
    if (this.options.refuseAcl === true && req.headers['x-amz-acl'] !== undefined) {
      return { status: 400, code: 'AccessControlListNotSupported', message: 'The bucket does not allow ACLs' }
    }
    return undefined
  }

  private refuse(req: IncomingMessage, res: ServerResponse, { status, code, message }: S3Error): void {
    req.resume()
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>LAB</RequestId></Error>`
    sendBytes(res, status, 'application/xml', Buffer.from(body))
  }

  /** The request is carried out, but its answer does not go out as it should. */
  private withhold(hit: Hit, res: ServerResponse): void {
    const end = res.end.bind(res)
    if (hit.kind === 'serverError') {
      res.writeHead = (() => res) as typeof res.writeHead
      res.write = (() => true) as typeof res.write
      res.end = (() => {
        res.statusCode = Number(hit.params.status)
        for (const name of res.getHeaderNames()) res.removeHeader(name)
        return end()
      }) as typeof res.end
      return
    }
    res.write = (() => true) as typeof res.write
    res.end = (() => {
      silence(hit, res)
      return res
    }) as typeof res.end
  }

  private record({ operation, bucket, key }: S3Call, req: IncomingMessage, status: number, began: number, fault: string | undefined): void {
    const acl = req.headers['x-amz-acl']
    const at = this.context.now()
    this.totals[operation] = (this.totals[operation] ?? 0) + 1
    this.totals.requests = (this.totals.requests ?? 0) + 1
    this.log.push({ at: at.getTime(), operation, bucket, key, status, ...(typeof acl === 'string' ? { acl } : {}) })
    this.context.exchanges.record({
      simulator: this.id,
      direction: 'request',
      operation,
      account: bucket,
      status,
      ms: Math.round(performance.now() - began),
      ...(fault === undefined ? {} : { fault }),
      at: at.toISOString(),
    })
  }

  private opened(): Listener {
    if (this.listener === undefined) throw new Error('the simulator has not started')
    return this.listener
  }
}

interface S3Error {
  status: number
  code: string
  message: string
}
const signatureErrors: Readonly<Record<Exclude<Verdict, 'none' | 'valid'>, S3Error>> = {
  unknownKey: { status: 403, code: 'InvalidAccessKeyId', message: 'The AWS Access Key Id you provided does not exist in our records.' },
  mismatch: { status: 403, code: 'SignatureDoesNotMatch', message: 'The request signature we calculated does not match the signature you provided.' },
  skewed: { status: 403, code: 'RequestTimeTooSkewed', message: 'The difference between the request time and the current time is too large.' },
  expired: { status: 403, code: 'AccessDenied', message: 'Request has expired' },
}
function faultError(hit: Hit): S3Error {
  if (hit.kind === 'rateLimit') return { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' }
  if (hit.kind === 'badToken') return signatureErrors.unknownKey
  const status = Number(hit.params.status ?? 500)
  return { status, code: status === 503 ? 'ServiceUnavailable' : 'InternalError', message: 'We encountered an internal error. Please try again.' }
}
