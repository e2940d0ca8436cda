import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

// Plain JavaScript without dependencies: this runs under Node 20, before anything is installed.

export const root = fileURLToPath(new URL('..', import.meta.url))
const inRoot = (...parts) => path.join(root, ...parts)
const bin = inRoot('node_modules', '.bin')

/** The environment in which `node`, `vitest` and the like are the project's own. */
export const projectEnvironment = () => ({
  ...process.env,
  PATH: [bin, process.env.PATH ?? ''].join(path.delimiter),
})

const readText = (file) => readFile(file, 'utf8').catch(() => undefined)
const digest = (text) => createHash('sha256').update(text).digest('hex')

/** Runs a program without showing its output, and resolves to its exit code and that output. */
const runQuietly = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: projectEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })

const runOrThrow = async (what, command, args) => {
  const { code, output } = await runQuietly(command, args)
  if (code !== 0) throw new Error(`${output.trimEnd()}\n${what} failed (exit code ${code}).`)
}

/** True when npm's own record of what it installed has all that the lockfile wants; more does no harm. */
const installedAsLocked = (lockfile, installed) => {
  if (installed === undefined) return false
  const wanted = JSON.parse(lockfile).packages
  const present = JSON.parse(installed).packages
  const sameVersions = Object.keys(present).every(
    (name) => !(name in wanted) || wanted[name].version === present[name].version,
  )
  const nothingMissing = Object.keys(wanted).every(
    (name) => name === '' || name in present || wanted[name].optional || wanted[name].devOptional || wanted[name].peer,
  )
  return sameVersions && nothingMissing
}

/**
 * Installs the locked dependencies when they are missing or other than the lockfile says. The stamp is the lockfile's
 * digest; it lies in node_modules, so that it vanishes with them.
 */
export const ensureInstalled = async () => {
  const stamp = inRoot('node_modules', '.syn2op-installed')
  const lockfile = await readFile(inRoot('package-lock.json'), 'utf8')
  const wanted = digest(lockfile)
  if ((await readText(stamp)) === wanted) return
  if (!installedAsLocked(lockfile, await readText(inRoot('node_modules', '.package-lock.json')))) {
    process.stderr.write('Installing (once, about 40 s)…\n')
    const npm = process.env.npm_execpath
    const args = ['ci', '--include=dev', '--include=optional', '--no-progress']
    await (npm === undefined
      ? runOrThrow('npm ci', 'npm', args)
      : runOrThrow('npm ci', process.execPath, [npm, ...args]))
  }
  await writeFile(stamp, wanted)
}

/** One line a file: path, size and time of change of everything that the build reads. */
const listSources = async () => {
  const entries = await readdir(inRoot('src'), { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
  files.push(...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/manifest.mjs'].map((f) => inRoot(f)))
  const lines = await Promise.all(
    files.toSorted().map(async (file) => {
      const { size, mtimeMs } = await stat(file)
      return `${path.relative(root, file)} ${size} ${mtimeMs}`
    }),
  )
  return lines.join('\n')
}

/** What the program reads beside its code, and the compiler does not copy. */
const ASSETS = ['targets/auth0/links/action/link-at-first-login.cjs', 'targets/keycloak/provider/synapse-bcrypt.jar']

/**
 * Compiles src/ to dist/ and writes oclif's manifest, unless both are newer than every source. It compiles beside and
 * then swaps, so that a file deleted from src/ leaves nothing behind and a failed build leaves the last good one.
 */
export const ensureBuilt = async () => {
  const sources = await listSources()
  const stamp = inRoot('.cache', 'built')
  const products = [inRoot('dist'), inRoot('oclif.manifest.json')]
  if (products.every((product) => existsSync(product)) && (await readText(stamp)) === sources) return
  const fresh = inRoot('.cache', `build-${process.pid}`)
  await mkdir(inRoot('.cache'), { recursive: true })
  await rm(stamp, { force: true })
  try {
    await runOrThrow('The build', path.join(bin, 'tsc'), ['-p', 'tsconfig.build.json', '--outDir', fresh])
    for (const asset of ASSETS) await copyFile(inRoot('src', asset), path.join(fresh, asset))
    await rm(inRoot('dist'), { recursive: true, force: true })
    await rename(fresh, inRoot('dist'))
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
  await runOrThrow('The manifest', path.join(bin, 'node'), ['scripts/manifest.mjs'])
  await writeFile(stamp, sources)
}

/** Runs a program in the foreground; resolves to its exit code, or to the signal that ended it. */
export const runInForeground = (command, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env: projectEnvironment() })
    // At a terminal, Ctrl-C reaches the child without us; to pass it on would be a second one.
    const interrupt = () => process.stdin.isTTY || child.kill('SIGINT')
    const terminate = () => child.kill('SIGTERM')
    process.on('SIGINT', interrupt).on('SIGTERM', terminate).on('SIGHUP', terminate)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      process.off('SIGINT', interrupt).off('SIGTERM', terminate).off('SIGHUP', terminate)
      resolve(signal ?? code ?? 1)
    })
  })
