import { copyFile, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configurationText } from '../../../src/rehearsal/services/keycloak/configuration.ts'

/** What servers of one distribution share; `data` and `conf` are each server's own. */
const SHARED = ['lib', 'providers', 'themes', 'version.txt'] as const

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
  await writeFile(join(home, 'conf', 'keycloak.conf'), configurationText(configuration), {
    mode: 0o600,
  })
  return home
}
