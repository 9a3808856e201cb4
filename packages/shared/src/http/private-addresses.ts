import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** IANA special-purpose registries (RFC 6890 and successors): nothing on the public Internet lives there. */
const special: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['3fff::', 20, 'ipv6'],
  ['5f00::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]
const blocked = new BlockList()
for (const [address, bits, family] of special) blocked.addSubnet(address, bits, family)

export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return blocked.check(address, 'ipv4')
  if (family === 6) {
    const mapped = mappedIpv4(address)
    return mapped === undefined ? blocked.check(address, 'ipv6') : blocked.check(mapped, 'ipv4')
  }
  return true
}

/** `::ffff:10.0.0.1`, also written in hexadecimal, is an IPv4 address in disguise. */
function mappedIpv4(address: string): string | undefined {
  const canonical = new URL(`http://[${address.split('%')[0]}]/`).hostname.slice(1, -1)
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (!match) return undefined
  const high = Number.parseInt(match[1] ?? '', 16)
  const low = Number.parseInt(match[2] ?? '', 16)
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

/** A foreign URL leads to a private address; the message says so without naming the address. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress'
  readonly code = 'PRIVATE_ADDRESS'
}

/** Which private places the deployer (`host`, `host:port`, CIDR) or the tenant's own settings (origins) allow. */
export class AllowList {
  private readonly hosts = new Set<string>()
  private readonly networks = new BlockList()
  private hasNetworks = false

  constructor(entries: readonly string[]) {
    for (const entry of entries) this.add(entry)
  }
  private add(entry: string): void {
    const [address, bits] = entry.split('/')
    if (address !== undefined && bits !== undefined && isIP(address) !== 0) {
      this.networks.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6')
      this.hasNetworks = true
    } else {
      this.hosts.add(entry.toLowerCase())
    }
  }
  allowsUrl(url: URL): boolean {
    const host = url.hostname.toLowerCase()
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
    return this.hosts.has(host) || this.hosts.has(`${host}:${port}`)
  }
  allowsAddress(address: string): boolean {
    return this.hasNetworks && this.networks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
}

/** Throws for anything but http(s) with a public (or allowed) host. Host names are judged again when they are resolved: see `guardedLookup`. */
export function assertPublicUrl(text: string, allow: AllowList, alsoAllowed: readonly string[] = []): URL {
  if (!URL.canParse(text)) throw new PrivateAddress('the address is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new PrivateAddress('only http and https addresses are fetched')
  if (url.username !== '' || url.password !== '') throw new PrivateAddress('addresses with credentials are not fetched')
  if (isAllowed(url, allow, alsoAllowed)) return url
  // a trailing dot is the same name
  const host = url.hostname.replace(/^\[|\]$|\.+$/g, '')
  if (isIP(host) !== 0 && isPrivateAddress(host) && !allow.allowsAddress(host)) throw new PrivateAddress('the address is private')
  if (isIP(host) === 0 && (host === 'localhost' || host.endsWith('.localhost') || !host.includes('.'))) throw new PrivateAddress('the host is private')
  return url
}
export function isAllowed(url: URL, allow: AllowList, alsoAllowed: readonly string[]): boolean {
  return alsoAllowed.includes(url.origin) || allow.allowsUrl(url)
}

/** DNS resolution for sockets that refuses private answers: what was checked is what is connected to, so a changing DNS answer does not help an attacker. */
export function guardedLookup(allow: AllowList): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...(options as LookupOptions), all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const usable = (addresses as LookupAddress[]).filter(({ address }) => !isPrivateAddress(address) || allow.allowsAddress(address))
      const first = usable[0]
      if (first === undefined) return callback(new PrivateAddress('the host has only private addresses'), '', 0)
      if ((options as LookupOptions).all) return (callback as unknown as (error: null, addresses: LookupAddress[]) => void)(null, usable)
      return callback(null, first.address, first.family)
    })
  }
}
