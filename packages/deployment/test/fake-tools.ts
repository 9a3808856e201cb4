import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../src/paths.ts'

/** Cloud tools that do nothing but write down how they were called. */
const tools = ['az', 'aws', 'eksctl', 'gcloud', 'kubectl', 'helm', 'microk8s', 'snap', 'sudo', 'env', 'iptables', 'curl']

/** The name of the tool and its first words decide: `exists` makes a question succeed, `fails` makes a command fail. */
export interface Behaviour {
  readonly exists?: readonly string[]
  readonly fails?: string
  readonly missing?: readonly string[]
}

export interface Run {
  readonly status: number | null
  readonly output: string
  /** one line per call of a tool, with its words */
  readonly calls: readonly string[]
}

/** A machine with fake tools, on which install.sh can be run several times. */
export function fakeMachine() {
  const folder = mkdtempSync(join(tmpdir(), 'install-'))
  const bin = join(folder, 'bin')
  const log = join(folder, 'calls')
  const config = join(folder, 'config.json')
  mkdirSync(bin)

  function run(args: readonly string[], { exists = [], fails = '', missing = [] }: Behaviour = {}): Run {
    const available = tools.filter(tool => !missing.includes(tool))
    for (const tool of available) writeFake(join(bin, tool), tool, log)
    writeFileSync(log, '')
    const environment = { PATH: `${bin}:/usr/bin:/bin`, HOME: folder, TMPDIR: folder, EXISTS: exists.join('\n'), FAILS: fails }
    const script = join(repository, 'scripts', 'install.sh')
    const { status, stdout, stderr } = spawnSync('/bin/bash', [script, ...args, '--config', config], { env: environment, encoding: 'utf8', cwd: folder })
    return {
      status,
      output: `${stdout}${stderr}`,
      calls: readFileSync(log, 'utf8')
        .split('\n')
        .filter(line => line !== ''),
    }
  }

  return {
    run,
    config,
    configuration: () => JSON.parse(readFileSync(config, 'utf8')) as Record<string, Record<string, unknown>>,
    hasConfiguration: () => existsSync(config),
  }
}

function writeFake(file: string, tool: string, log: string): void {
  const script = `#!/bin/bash
line="${tool} $*"
printf '%s\\n' "$line" >> '${log}'
if [ -n "$FAILS" ] && [[ $line == "$FAILS"* ]]; then echo "it went wrong" >&2; exit 1; fi
if [ ${tool} = aws ] && [ "$1" = sts ]; then echo 123456789012; fi
case "$line" in
  *" get namespace "* | *" show "* | *" describe "* | "eksctl get "* | *" get-policy "*)
    while read -r known; do if [[ -n $known && $line == "$known"* ]]; then exit 0; fi; done <<< "$EXISTS"
    exit 1 ;;
esac
`
  writeFileSync(file, script)
  chmodSync(file, 0o755)
}
