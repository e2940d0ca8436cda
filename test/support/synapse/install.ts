import { execFile } from 'node:child_process'
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const cache = fileURLToPath(new URL('../../../.cache/', import.meta.url))

/**
 * The packages of each version. Old Synapse does not cap its dependencies, and newer ones break it: prometheus_client
 * 0.23 and 0.20 changed their names, bcrypt 5 refuses passwords of more than 72 bytes.
 */
const REQUIREMENTS = {
  '1.163.2': ['matrix-synapse[postgres,oidc]==1.163.2'],
  '1.136.0': ['matrix-synapse[postgres,oidc]==1.136.0', 'prometheus_client<0.23', 'bcrypt<5'],
  '1.91.2': ['matrix-synapse[postgres,oidc]==1.91.2', 'prometheus_client<0.20', 'bcrypt<4.1'],
} as const

export type InstallableSynapse = keyof typeof REQUIREMENTS

/** What pip is told to install for a version. */
export const requirementsOf = (version: InstallableSynapse): readonly string[] => REQUIREMENTS[version]

export interface InstalledSynapse {
  readonly version: InstallableSynapse
  /** The Python of its virtual environment. */
  readonly python: string
}

/** A Python that Synapse runs on, or the reason why there is none. */
const findPython = async (): Promise<string> => {
  const tried: string[] = []
  for (const name of ['python3', 'python3.13', 'python3.12', 'python3.11']) {
    try {
      const { stdout } = await run(name, ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'])
      const [major, minor] = stdout.trim().split('.').map(Number)
      if (major === 3 && minor !== undefined && minor >= 11) return name
      tried.push(`${name} is ${stdout.trim()}`)
    } catch (error) {
      tried.push(
        `${name}: ${error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'not found' : 'has no venv'}`,
      )
    }
  }
  throw new Error(`A real Synapse needs Python 3.11 or later with venv and pip (${tried.join('; ')})`)
}

/** Why no Synapse can be installed here, when that is so: for tests that are skipped then. */
export const whyNoSynapse = async (): Promise<string | undefined> => {
  try {
    await findPython()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Runs `work` while no other process does, on the strength of a file that names the owner's process. */
const exclusively = async <T>(lock: string, work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      const file = await open(lock, 'wx')
      await file.writeFile(String(process.pid))
      await file.close()
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const owner = Number(await readFile(lock, 'utf8').catch(() => ''))
      if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true })
      await sleep(200)
    }
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

/**
 * Installs a Synapse below .cache, once for all runs; 50 seconds the first time.
 * @throws Error that says why, when there is no fit Python or the packages cannot be fetched.
 */
export const installSynapse = async (version: InstallableSynapse): Promise<InstalledSynapse> => {
  const folder = join(cache, `synapse-${version}`)
  const python = join(folder, 'bin', 'python')
  const requirements = requirementsOf(version)
  const complete = join(folder, 'complete')
  const wanted = requirements.join('\n')
  await mkdir(cache, { recursive: true })
  await exclusively(join(cache, `synapse-${version}.lock`), async () => {
    if ((await readFile(complete, 'utf8').catch(() => '')) === wanted) return
    await rm(folder, { recursive: true, force: true })
    await run(await findPython(), ['-m', 'venv', folder])
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements])
    await writeFile(complete, wanted)
  })
  return { version, python }
}
