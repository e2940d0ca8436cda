import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The oldest that Keycloak 26 runs on. */
const OLDEST = 17

/** The major number in what `java -version` says; undefined where it says none. */
export const readJavaVersion = (said: string): number | undefined => {
  const { major, old } = /version "(?<major>\d+)(?:\.(?<old>\d+))?/u.exec(said)?.groups ?? {}
  // Up to 8 it was 1.8.
  const number = Number(major === '1' ? old : major)
  return Number.isSafeInteger(number) && number > 0 ? number : undefined
}

/** Why Keycloak has no Java to run on; undefined: it has. As kc.sh looks for it: `JAVA_HOME`, else the path. */
export const whyNoJava = async (signal: AbortSignal): Promise<string | undefined> => {
  const home = process.env['JAVA_HOME']
  const java = home ? join(home, 'bin', 'java') : 'java'
  try {
    const { stdout, stderr } = await run(java, ['-version'], { signal, timeout: 30_000 })
    const version = readJavaVersion(stdout + stderr)
    if (version === undefined) return `${java} does not say its version, and Keycloak needs Java ${OLDEST} or later`
    return version < OLDEST ? `${java} is Java ${version}, and Keycloak needs ${OLDEST} or later` : undefined
  } catch {
    signal.throwIfAborted()
    return `Keycloak needs Java ${OLDEST} or later, and ${java} does not run`
  }
}
