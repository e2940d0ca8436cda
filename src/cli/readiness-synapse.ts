import { readFile } from 'node:fs/promises'
import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Subject } from '../readiness/subject.ts'
import type { ReadinessConfiguration } from '../report/readiness-document.ts'
import type { ApplicationService, HomeserverConfig } from '../synapse/homeserver.ts'

/** What homeserver.yaml says of itself, and what it knows that can be asked with. */
export interface SynapseKnows {
  readonly configuration: ReadinessConfiguration
  readonly secrets: Pick<Subject, 'masSecret' | 'applicationServices'>
}

/**
 * Reads homeserver.yaml anew each time: it is changed while somebody watches.
 * @returns undefined where none is named.
 * @throws Syn2opError config.invalid or config.unreadable
 */
export const readSynapse = async (settings: Settings): Promise<SynapseKnows | undefined> => {
  const files = settings['synapse.config']?.value
  if (files === undefined) return undefined
  const { loadHomeserver } = await import('../synapse/load-homeserver.ts')
  const { configurationOf } = await import('../readiness/offline/configuration.ts')
  // Any database will do: none is looked at.
  const config = await loadHomeserver(files, { sqlite: 'none' })
  return { configuration: configurationOf(config), secrets: await secretsOf(config) }
}

/**
 * Of another homeserver neither the settings nor the secrets say anything.
 * @throws Syn2opError usage
 */
export const ofTheSame = (knows: SynapseKnows, serverName: string | undefined): SynapseKnows => {
  const { serverName: configured } = knows.configuration
  if (serverName === undefined || serverName === configured) return knows
  throw new Syn2opError('usage', `homeserver.yaml is of ${configured}, and ${serverName} is to be asked`, {
    next: [
      `Ask that one: syn2op readiness ${configured}`,
      'For a second file of its configuration: --synapse-config before each of them.',
      'Or leave homeserver.yaml out: without --synapse-config, and in a folder whose syn2op.yaml names none.',
    ],
  })
}

const secretsOf = async ({
  delegation,
  applicationServices,
}: Pick<HomeserverConfig, 'delegation' | 'applicationServices'>): Promise<SynapseKnows['secrets']> => {
  const services = await Promise.all(applicationServices.map(withToken))
  return {
    ...(delegation?.enabled === true && delegation.secret !== undefined ? { masSecret: delegation.secret } : {}),
    applicationServices: services.flatMap((service) => service ?? []),
  }
}

/** A copy of a registration without its tokens is as good for all but this: of its service nothing is asked then. */
const withToken = async ({
  id,
  file,
  msc4190,
}: ApplicationService): Promise<NonNullable<Subject['applicationServices']>[number] | undefined> => {
  const { parseLocated } = await import('../config/yaml/parse-located.ts')
  const { value } = parseLocated(await readFile(file, 'utf8'), file, '1.1')
  const found = value?.kind === 'map' ? value.entries.get('as_token') : undefined
  const token = found?.kind === 'scalar' && typeof found.value === 'string' ? found.value : ''
  return SENDABLE.test(token) ? { id, token, msc4190 } : undefined
}

/** What a header can carry. */
const SENDABLE = /^[\x21-\x7e]+$/u
