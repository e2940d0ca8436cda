import { execFile } from 'node:child_process'
import { access, chmod, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where the provider's sources are, and the jar that is made of them. */
export const PROVIDER_FOLDER = fileURLToPath(new URL('../../src/targets/keycloak/provider/', import.meta.url))

/** The release of Java whose compiler makes the jar: another one makes other bytes of the same sources. */
const JAVA = '17'

const isJdk = async (home: string): Promise<boolean> => {
  try {
    await access(join(home, 'bin', 'javac'))
    return new RegExp(`^JAVA_VERSION="${JAVA}[."]`, 'mu').test(await readFile(join(home, 'release'), 'utf8'))
  } catch {
    return false
  }
}

/** The home of such a JDK. */
export const findJdk = async (): Promise<string | undefined> => {
  const installed = await readdir('/usr/lib/jvm').catch(() => [])
  const homes = [process.env['JAVA_HOME'] ?? '', ...installed.map((name) => join('/usr/lib/jvm', name))]
  for (const home of homes) if (home !== '' && (await isJdk(home))) return home
  return undefined
}

/** Why the provider cannot be compiled here, when that is so. */
export const whyNoCompiler = async (): Promise<string | undefined> => {
  if ((await findJdk()) === undefined) return `no JDK ${JAVA} in JAVA_HOME or /usr/lib/jvm`
  return run('mvn', ['--version']).then(
    () => undefined,
    () => 'mvn does not run',
  )
}

/** A jar keeps the permissions of what is in it, which are those of whoever has cloned the repository. */
const withUsualModes = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644)
}

/**
 * Compiles the provider in a folder of its own, with Maven.
 * @returns the jar: the same bytes on every machine.
 * @throws Error with what Maven says.
 */
export const compileProvider = async (): Promise<Buffer> => {
  const java = await findJdk()
  const folder = await mkdtemp(join(tmpdir(), 'syn2op-provider-'))
  try {
    for (const part of ['pom.xml', 'src'])
      await cp(join(PROVIDER_FOLDER, part), join(folder, part), { recursive: true })
    await withUsualModes(folder)
    // The classes get their permissions from the umask.
    const maven = ['-c', 'umask 022 && exec mvn -q -B package']
    await run('/bin/sh', maven, {
      cwd: folder,
      env: { ...process.env, ...(java === undefined ? {} : { JAVA_HOME: java }) },
    })
    return await readFile(join(folder, 'target', 'synapse-bcrypt.jar'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
