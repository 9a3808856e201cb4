#!/usr/bin/env node
import { run } from './program.ts'

// no top-level await: the single executable is made of CommonJS
run(process.argv.slice(2)).then(code => {
  process.exitCode = code
})
