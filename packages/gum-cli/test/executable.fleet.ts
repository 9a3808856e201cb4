import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { version } from '@um/shared/version'

const packer = join(import.meta.dirname, '../src/pack-executable.ts')
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gum-cli-test-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const run = (program: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env: {}, cwd: folder })
  return { status, stdout, stderr }
}

describe('the single executable', () => {
  it('runs without Node, sources or packages', () => {
    const output = join(folder, 'gum-cli')
    const packed = run(process.execPath, packer, '--output', output)

    expect(packed).toMatchObject({ status: 0, stdout: expect.stringContaining(`${output}\n`) })
    expect(run(output, '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    expect(run(output, 'backup', '--host', 'http://127.0.0.1:1', '--password', 'x')).toEqual({
      status: 4,
      stdout: '',
      stderr: expect.stringContaining('127.0.0.1:1 cannot be reached: nothing listens there'),
    })
  }, 120_000)

  it('for another system wants that system’s Node', () => {
    expect(run(process.execPath, packer, '--target', 'windows')).toMatchObject({ status: 2, stderr: expect.stringContaining('--node') })
    expect(run(process.execPath, packer, '--target', 'plan9')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is not one of linux, macos, windows'),
    })
  })
})
