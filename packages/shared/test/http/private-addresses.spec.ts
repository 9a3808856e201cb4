import { describe, expect, it } from '@jest/globals'
import { AllowList, assertPublicUrl, isPrivateAddress, PrivateAddress } from '../../src/http/index.ts'

const nobody = new AllowList([])
const refusal = (url: string, allow = nobody, also: string[] = []) => {
  try {
    assertPublicUrl(url, allow, also)
    return undefined
  } catch (error) {
    return error instanceof PrivateAddress ? error.message : error
  }
}

describe('isPrivateAddress', () => {
  it.each([
    ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.7'],
    ...['203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fc00::1', 'fdff::1', 'fe80::1', 'fe80::1%eth0', 'febf::1', 'fec0::1', 'ff02::1', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1'],
    ...[
      '2001::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '3fff::1',
      '5f00::1',
      '::ffff:127.0.0.1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '0:0:0:0:0:FFFF:0A00:0001',
      '::127.0.0.1',
      '::7f00:1',
    ],
  ])('is true for %s', address => {
    expect(isPrivateAddress(address)).toBe(true)
  })

  it.each([
    ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.0', '169.253.255.255', '169.255.0.0'],
    ...['172.15.255.255', '172.32.0.0', '192.0.1.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '203.0.114.0', '223.255.255.255'],
    ...['2606:4700::1111', '2400:cb00::1', '2001:200::1', '2003::1', '::ffff:8.8.8.8', '::ffff:808:808'],
  ])('is false for %s', address => {
    expect(isPrivateAddress(address)).toBe(false)
  })

  it.each(['', 'localhost', '127.0.0.1.', '10.0.0', 'x'])('trusts nothing that is no address: %j', text => {
    expect(isPrivateAddress(text)).toBe(true)
  })
})

describe('assertPublicUrl', () => {
  it.each(['https://example.com/a.png', 'http://example.com:8080/', 'https://8.8.8.8/', 'http://[2606:4700::1111]/', 'http://134744072/'])(
    'lets %s pass',
    url => {
      expect(assertPublicUrl(url, nobody).href).toBe(new URL(url).href)
    },
  )

  it.each([
    ...['http://127.0.0.1/', 'http://127.1/', 'http://2130706433/', 'http://0x7f000001/', 'http://0x7f.1/', 'http://0177.0.0.1/', 'http://127.0.0.1./'],
    ...['http://１２７.0.0.1/', 'http://169.254.169.254/latest/meta-data/', 'http://0/', 'https://10.0.0.1:8443/', 'http://192.168.1.1/'],
    ...['http://[::1]/', 'http://[::]/', 'http://[fe80::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:a9fe:a9fe]/', 'http://[0:0:0:0:0:0:0:1]/'],
  ])('refuses the address %s', url => {
    expect(refusal(url)).toBe('the address is private')
  })

  it.each([
    'http://localhost/',
    'http://LOCALHOST:80/',
    'http://a.localhost/',
    'http://localhost./',
    'http://a.localhost./',
    'http://redis:6379/',
    'http://redis./',
  ])('refuses the name %s', url => {
    expect(refusal(url)).toBe('the host is private')
  })

  it.each(['http://localhost.example.com/', 'http://notlocalhost.example/', 'http://redis.example./'])('knows that %s is another name', url => {
    expect(refusal(url)).toBeUndefined()
  })

  it.each([
    ['file:///etc/passwd', 'only http and https addresses are fetched'],
    ['ftp://example.com/', 'only http and https addresses are fetched'],
    ['data:text/plain,x', 'only http and https addresses are fetched'],
    ['//example.com/', 'the address is not a URL'],
    ['http://', 'the address is not a URL'],
    ['http://user@example.com/', 'addresses with credentials are not fetched'],
    ['http://:secret@example.com/', 'addresses with credentials are not fetched'],
  ])('refuses %s', (url, why) => {
    expect(refusal(url)).toBe(why)
  })
})

describe('what the deployer allows', () => {
  it('is a host on every port, a host on one port, or a network', () => {
    const allow = new AllowList(['Minio', 'media.local:9000', 'plain.local:80', '10.1.0.0/16', 'fd00:1::/32', '[fd00:2::1]:8080'])

    for (const url of ['http://minio/', 'https://MINIO:9000/', 'http://media.local:9000/', 'http://plain.local/', 'http://10.1.2.3/', 'http://[fd00:1::5]/'])
      expect(refusal(url, allow)).toBeUndefined()
    expect(refusal('http://[fd00:2::1]:8080/', allow)).toBeUndefined()
    for (const url of ['http://minio2/', 'http://10.2.0.1/', 'http://[fd00:2::5]/', 'http://[fd00:2::1]/', 'http://localhost/'])
      expect(refusal(url, allow)).toBeDefined()
  })

  it('is a host with its own port, not the one beside it', () => {
    const allow = new AllowList(['redis:9000'])

    expect(refusal('http://redis:9000/', allow)).toBeUndefined()
    expect(refusal('http://redis:9001/', allow)).toBe('the host is private')
    expect(refusal('http://redis/', allow)).toBe('the host is private')
  })

  it('is also an origin of the tenant’s own settings, the whole of it', () => {
    const own = ['http://127.0.0.1:8090']

    expect(refusal('http://127.0.0.1:8090/file/x', nobody, own)).toBeUndefined()
    expect(refusal('http://127.0.0.1:8091/file/x', nobody, own)).toBe('the address is private')
    expect(refusal('https://127.0.0.1:8090/file/x', nobody, own)).toBe('the address is private')
  })

  it('does not open other schemes or credentials', () => {
    expect(refusal('ftp://minio/', new AllowList(['minio']))).toBe('only http and https addresses are fetched')
    expect(refusal('http://user:pass@minio/', new AllowList(['minio']))).toBe('addresses with credentials are not fetched')
  })
})
