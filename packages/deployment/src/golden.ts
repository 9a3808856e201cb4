import { mkdirSync, writeFileSync } from 'node:fs'
import { goldens } from './paths.ts'
import { goldenFile, goldenText, scenarioNames } from './scenarios.ts'

// Writes the golden files anew: to be run after an intended change of the chart, and to be read in its diff.
mkdirSync(goldens, { recursive: true })
for (const name of scenarioNames()) writeFileSync(goldenFile(name), goldenText(name))
