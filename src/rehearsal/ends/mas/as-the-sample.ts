import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import { isMap, type MasYaml, sectionOf } from './own-config.ts'

/** The other way to give what a sample has another of. */
const without = (yaml: MasYaml, name: string): MasYaml =>
  Object.fromEntries(Object.entries(yaml).filter(([key]) => key !== name))

const withPepper = (scheme: unknown, pepper: string): unknown =>
  isMap(scheme) && scheme['algorithm'] === 'bcrypt' && ('secret' in scheme || 'secret_file' in scheme)
    ? { ...without(scheme, 'secret_file'), secret: pepper }
    : scheme

const passwordsOf = (passwords: MasYaml, pepper: string | undefined): MasYaml => {
  const { schemes } = passwords
  if (pepper === undefined || pepper === '' || !Array.isArray(schemes)) return passwords
  return { ...passwords, schemes: schemes.map((scheme: unknown) => withPepper(scheme, pepper)) }
}

/**
 * The administrator's own configuration with what a sample has another of than the homeserver: the server's name, and where both have
 * one, the pepper and the shared secret. What is missing on one side is missing still, for the check to say so.
 */
export const asTheSample = (
  yaml: MasYaml,
  { serverName, pepper, delegation }: Pick<HomeserverConfig, 'serverName' | 'pepper' | 'delegation'>,
): MasYaml => {
  const matrix = sectionOf(yaml, 'matrix')
  const secret = delegation?.secret
  return {
    ...yaml,
    matrix: {
      ...(secret === undefined ? matrix : { ...without(matrix, 'secret_file'), secret }),
      homeserver: serverName,
    },
    ...('passwords' in yaml ? { passwords: passwordsOf(sectionOf(yaml, 'passwords'), pepper) } : {}),
  }
}
