import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** The provider's name: in credentials as their algorithm, and in Keycloak's settings. */
export const PROVIDER_ID = 'synapse-bcrypt'

/** Keycloak's setting that takes the pepper. Keycloak reads it when it starts, also with --optimized. */
export const PEPPER_SETTING = `spi-password-hashing--${PROVIDER_ID}--pepper`

/** The jar that comes with syn2op. */
export interface ProviderJar {
  readonly bytes: Buffer
  /** The provider's own version, which it also tells in Keycloak's server information. */
  readonly version: string
  /** Of the whole file, hexadecimal. */
  readonly sha256: string
}

/** The jar's path: it lies beside this file, in the sources and in what is built of them. */
export const PROVIDER_JAR = fileURLToPath(new URL(`${PROVIDER_ID}.jar`, import.meta.url))

export const readProviderJar = async (): Promise<ProviderJar> => {
  const bytes = await readFile(PROVIDER_JAR)
  return { bytes, version: versionOf(bytes), sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** From the manifest, which can be read as it stands: nothing in this jar is compressed. */
const versionOf = (jar: Buffer): string => {
  const version = /^Implementation-Version: (?<version>\S+)/mu.exec(jar.toString('latin1'))?.groups?.['version']
  if (version === undefined) throw new TypeError(`${PROVIDER_ID}.jar does not say its version`)
  return version
}
