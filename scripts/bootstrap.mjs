import process from 'node:process'
import { ensureBuilt, ensureInstalled, runInForeground } from './toolchain.mjs'

/*
 * bootstrap.mjs [--build] COMMAND [ARGUMENT …]
 *
 * Runs COMMAND with the project's own Node (24) and tools, right after `git clone` too: it installs the locked
 * dependencies when need be, builds when asked to and something changed, and passes signals and the exit code on.
 */
const args = process.argv.slice(2)
const build = args[0] === '--build'
const [command, ...rest] = build ? args.slice(1) : args

try {
  await ensureInstalled()
  if (build) await ensureBuilt()
  const end = command === undefined ? 0 : await runInForeground(command, rest)
  if (typeof end === 'string') process.kill(process.pid, end)
  else process.exitCode = end
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
