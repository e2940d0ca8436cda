import { copyFile, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What servers of one distribution share; `data` and `conf` are each server's own. */
const SHARED = ['lib', 'providers', 'themes', 'version.txt'] as const

/** A line of keycloak.conf: a backslash and an expression's `${` would not arrive as they stand. */
const line = ([name, value]: readonly [string, string]): string =>
  `${name}=${value.replaceAll('\\', '\\\\').replaceAll('$', '\\\\$')}\n`

/**
 * Makes a home folder for a server of its own in the system's folder for temporary files.
 * @param configuration what stands in its conf/keycloak.conf
 */
export const makeHome = async (
  distribution: string,
  configuration: Readonly<Record<string, string>>,
): Promise<string> => {
  const home = await mkdtemp(join(tmpdir(), 'syn2op-keycloak-'))
  for (const name of SHARED) await symlink(join(distribution, name), join(home, name))
  for (const name of ['conf', 'data']) await mkdir(join(home, name))
  await copyFile(join(distribution, 'conf', 'cache-ispn.xml'), join(home, 'conf', 'cache-ispn.xml'))
  await writeFile(join(home, 'conf', 'keycloak.conf'), Object.entries(configuration).map(line).join(''), {
    mode: 0o600,
  })
  return home
}
