import { chmod, copyFile, cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROVIDER_ID, readProviderJar } from '../../../targets/keycloak/provider/provider-jar.ts'

/** What a build of Keycloak writes into, and what finds it by where it is itself. */
const OWN_OF_LIB: readonly string[] = ['quarkus', 'quarkus-run.jar']

const JAR = `${PROVIDER_ID}.jar`

const entriesOf = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

/** Links to everything of a folder but these. */
const linkAll = async (from: string, to: string, but: readonly string[]): Promise<void> => {
  await mkdir(to)
  for (const name of await entriesOf(from)) if (!but.includes(name)) await symlink(join(from, name), join(to, name))
}

/** Where the distribution has this very provider it is left there: with that one it may have been built already. */
const placeProvider = async (distribution: string, home: string): Promise<void> => {
  await linkAll(join(distribution, 'providers'), join(home, 'providers'), [JAR])
  const { bytes } = await readProviderJar()
  const present = join(distribution, 'providers', JAR)
  const isOurs = (await readFile(present).catch(() => undefined))?.equals(bytes) === true
  const place = join(home, 'providers', JAR)
  await (isOurs ? symlink(present, place) : writeFile(place, bytes))
}

/**
 * Makes a home folder for a server of its own out of a distribution, of which nothing is changed, not even by a build: what that
 * writes into is copied, some megabytes. Our provider is in it, and no keycloak.conf: the distribution's own may lead to a database
 * that is in use.
 * @param home a folder that is not there yet
 */
export const makeHome = async (distribution: string, home: string): Promise<void> => {
  await mkdir(home, { mode: 0o700 })
  for (const name of ['bin', 'conf', 'data']) await mkdir(join(home, name))
  await copyFile(join(distribution, 'bin', 'kc.sh'), join(home, 'bin', 'kc.sh'))
  await chmod(join(home, 'bin', 'kc.sh'), 0o700)
  await linkAll(join(distribution, 'lib'), join(home, 'lib'), OWN_OF_LIB)
  for (const name of OWN_OF_LIB) {
    await cp(join(distribution, 'lib', name), join(home, 'lib', name), { recursive: true, preserveTimestamps: true })
  }
  await placeProvider(distribution, home)
  const present = await entriesOf(distribution)
  for (const name of ['themes', 'version.txt']) {
    if (present.includes(name)) await symlink(join(distribution, name), join(home, name))
  }
  if ((await entriesOf(join(distribution, 'conf'))).includes('cache-ispn.xml')) {
    await copyFile(join(distribution, 'conf', 'cache-ispn.xml'), join(home, 'conf', 'cache-ispn.xml'))
  }
}
