import { describe, expect, it } from '@jest/globals'
import { readArguments } from '../src/arguments.ts'

describe('the command line', () => {
  it('is read as the guide prints it', () => {
    const { command, values } = readArguments(['restore', '--host', 'host', '--password', 'xxx', '-i', 'config.json'])

    expect([command, values]).toEqual(['restore', { host: 'host', password: 'xxx', input: 'config.json' }])
  })

  it('asks for help or the version in any place', () => {
    expect(readArguments(['--help']).command).toBe('help')
    expect(readArguments(['backup', '-h']).command).toBe('help')
    expect(readArguments(['--version']).command).toBe('version')
  })

  it.each([
    [[], 'say what to do'],
    [['bakcup'], 'there is no command "bakcup"'],
    [['backup', 'file.json'], '"file.json" is too much: files are named with --output'],
    [['backup', '--hots', 'x'], "Unknown option '--hots'"],
    [['backup', '--host'], "Option '--host <value>' argument missing"],
    [['backup', '--dry-run'], '--dry-run does not belong to backup'],
    [['restore', '-o', 'x'], '--output does not belong to restore'],
  ])('%j is refused', (args, why) => {
    const read = () => readArguments(args)

    expect(read).toThrow(expect.objectContaining({ name: 'Failure', exitCode: 2, message: expect.stringContaining(why) }))
    expect(read).toThrow(/^[^\n]+$/)
  })
})
