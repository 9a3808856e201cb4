import { runWithNode24 } from './bootstrap.mjs'

runWithNode24('start.ts', process.argv.slice(2))
