import { mkdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { KeycloakProviderDocument } from '../../../report/keycloak-provider-document.ts'
import { causeOf, writeWhole } from '../../../report/write-whole.ts'
import { syn2opVersion } from '../../../version.ts'
import { nextSteps } from './next-steps.ts'
import { PEPPER_SETTING, PROVIDER_ID, type ProviderJar } from './provider-jar.ts'

export interface Place {
  /** Made when it is missing. */
  readonly folder: string
  /** Asked before another file of that name is written over. */
  readonly mayReplace: (file: string) => Promise<boolean>
}

/**
 * Writes the jar into a folder.
 * @returns undefined where another file is there, and stays.
 * @throws Syn2opError usage where the folder cannot be written.
 */
export const placeProvider = async (
  jar: ProviderJar,
  { folder, mayReplace }: Place,
): Promise<KeycloakProviderDocument | undefined> => {
  const file = resolve(folder, `${PROVIDER_ID}.jar`)
  const present = await inWords(folder, () => presentBytes(file))
  const outcome = present === undefined ? 'written' : present.equals(jar.bytes) ? 'unchanged' : 'replaced'
  if (outcome === 'replaced' && !(await mayReplace(file))) return undefined
  if (outcome !== 'unchanged') await inWords(folder, () => writeJar(file, folder, jar.bytes))
  return {
    kind: 'keycloak-provider',
    format: 1,
    syn2op: syn2opVersion(),
    file,
    outcome,
    version: jar.version,
    bytes: jar.bytes.length,
    sha256: jar.sha256,
    pepperSetting: PEPPER_SETTING,
    next: nextSteps(resolve(folder)),
  }
}

const presentBytes = (file: string): Promise<Buffer | undefined> =>
  readFile(file).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })

/** Keycloak often runs as another user than who writes this, and there is no secret in it. */
const READABLE = 0o644

/** A Keycloak that starts meanwhile sees the old file or the whole new one. */
const writeJar = async (file: string, folder: string, bytes: Buffer): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeWhole(file, bytes, READABLE)
}

const inWords = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const why = causeOf(error)
    if (why === undefined) throw error
    throw new Syn2opError('usage', `The provider cannot be written into ${resolve(folder)}: ${why}`, {
      cause: error,
      next: ['Name a folder that this user may write to: --out FOLDER'],
    })
  }
}
