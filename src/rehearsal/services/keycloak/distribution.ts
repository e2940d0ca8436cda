import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const SCRIPT = join('bin', 'kc.sh')

const isThere = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

/** Why a folder is no distribution of Keycloak; undefined: it is one. */
export const whyNoDistribution = async (folder: string): Promise<string | undefined> => {
  if (!(await isThere(folder))) return `${folder} is not there`
  const missing: string[] = []
  for (const part of [SCRIPT, join('lib', 'quarkus-run.jar'), join('lib', 'quarkus')]) {
    if (!(await isThere(join(folder, part)))) missing.push(part)
  }
  return missing.length === 0 ? undefined : `${folder} is no distribution of Keycloak: it has no ${missing.join(', ')}`
}

/** The version of a distribution, as it says it itself; undefined where it does not. */
export const distributionVersion = async (folder: string): Promise<string | undefined> => {
  const said = await readFile(join(folder, 'version.txt'), 'utf8').catch(() => '')
  return /\d+\.\d+\.\d+\S*/u.exec(said)?.[0]
}
