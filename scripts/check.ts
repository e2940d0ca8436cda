import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The checks that need no database: each a command line, in the order of their reports. */
const CHECKS = {
  types: ['tsc', '-p', 'tsconfig.json'],
  style: ['biome', 'check', '--error-on-warnings'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  rooms: ['node', 'scripts/check-rooms.ts'],
  dead: ['knip', '--no-progress'],
} as const satisfies Record<string, readonly [string, ...string[]]>

interface Checked {
  readonly name: string
  readonly passed: boolean
  readonly output: string
  readonly seconds: number
}

const root = fileURLToPath(new URL('..', import.meta.url))

const check = (name: string, [command, ...args]: readonly [string, ...string[]]): Promise<Checked> =>
  new Promise((resolve, reject) => {
    const started = performance.now()
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ name, passed: code === 0, output, seconds: (performance.now() - started) / 1000 })
    })
  })

const started = performance.now()
const results = await Promise.all(Object.entries(CHECKS).map(([name, command]) => check(name, command)))
for (const { name, passed, output, seconds } of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'} ${name.padEnd(6)} ${seconds.toFixed(1)} s`)
  if (!passed) console.log(output)
}
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s in all`)
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1
