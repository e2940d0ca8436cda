import { dirname } from 'node:path'
import { endCluster } from '../end-cluster.ts'
import { wordsOf } from '../words-of.ts'
import { removeContainersOf } from './end-containers.ts'
import { dropDatabase } from './end-databases.ts'
import { endProgram } from './end-program.ts'
import type { Belonging } from './lease.ts'
import { mayExist } from './may-exist.ts'
import type { SweepOptions } from './sweep.ts'

/** What a sweep can reach. */
export interface Means extends Pick<SweepOptions, 'postgres' | 'removeRealm' | 'signal'> {
  /** Whose belonging it is, and the lease's folder. */
  readonly id: string
  readonly folder: string
}

/**
 * Ends one thing that a dead rehearsal has left.
 * @returns what was ended, in words; nothing where there was nothing
 * @throws Error with one sentence on what is left, and why
 */
export const endBelonging = async (belonging: Belonging, means: Means): Promise<readonly string[]> => {
  switch (belonging.kind) {
    case 'cluster':
      return endServer(belonging.folder, means)
    case 'program':
      return (await endProgram(belonging, means.id)) ? [`a program with the number ${belonging.pid}`] : []
    case 'containers':
      return removeContainersOf(means.id, belonging.engine)
    case 'database':
      return dropDatabase(belonging, means)
    case 'realm':
      return removeRealm(belonging, means)
  }
}

const endServer = async (folder: string, lease: Means): Promise<readonly string[]> => {
  if (dirname(folder) !== lease.folder) throw new Error(`${folder}: it is not in the folder of its rehearsal`)
  const hasFiles = await mayExist(folder)
  if (await endCluster(folder, 'delete')) return ['a PostgreSQL server']
  return hasFiles ? ['the files of a PostgreSQL server'] : []
}

const removeRealm = async (
  realm: Extract<Belonging, { kind: 'realm' }>,
  { removeRealm: remove }: Means,
): Promise<readonly string[]> => {
  const what = `the realm ${realm.name} at ${realm.url}`
  if (remove === undefined)
    throw new Error(`${what}: name that Keycloak and its administrator again, or delete it there`)
  try {
    await remove(realm)
  } catch (cause) {
    throw new Error(`${what}: ${wordsOf(cause)}`, { cause })
  }
  return [what]
}
