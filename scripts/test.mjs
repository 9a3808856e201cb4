import { runWithNode24 } from './bootstrap.mjs'

runWithNode24('test.ts', process.argv.slice(2))
