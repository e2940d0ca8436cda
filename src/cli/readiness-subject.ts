import type { Settings } from '../config/settings.ts'
import { Syn2opError } from '../errors/syn2op-error.ts'
import type { Subject } from '../readiness/subject.ts'
import type { ReadinessConfiguration } from '../report/readiness-document.ts'
import { homeserverOfFlags } from './readiness-homeserver.ts'
import { ofTheSame, readSynapse, type SynapseKnows } from './readiness-synapse.ts'
import { webAddress } from './web-address.ts'

/** As the command line has them. */
export interface SubjectFlags {
  readonly 'op'?: string | undefined
  readonly 'server-name'?: string | undefined
  readonly 'origin': string
  readonly 'token-file'?: string | undefined
  readonly 'register': boolean
}

/** What a round begins with. */
export interface Looked {
  /** Absent: only the configuration is looked at, and nobody is asked. */
  readonly subject?: Subject
  readonly configuration?: ReadinessConfiguration
}

/**
 * Reads what the command line names.
 * @returns what reads homeserver.yaml anew for each round.
 * @throws Syn2opError usage, config.unreadable or config.invalid
 */
export const openSubject = async (
  homeserver: string | undefined,
  flags: SubjectFlags,
  settings: Settings,
): Promise<() => Promise<Looked>> => {
  const given = homeserverOfFlags(homeserver, flags['server-name'])
  const asks = given.serverName !== undefined || given.baseUrl !== undefined || flags.op !== undefined
  if (!asks && settings['synapse.config'] === undefined) throw nothingGiven()
  if (!asks) {
    refuseWithoutServer({ '--register': flags.register || undefined, '--token-file': flags['token-file'] })
    return async () => lookedAt(await readSynapse(settings))
  }
  if (given.serverName === undefined && given.baseUrl === undefined && flags['token-file'] !== undefined) {
    throw new Syn2opError('usage', "A user's token is for the homeserver, and only an OP is named", {
      next: ['Name the homeserver too: syn2op readiness example.org', 'Or leave out --token-file.'],
    })
  }
  const fixed: Subject = {
    ...given,
    ...(flags.op === undefined ? {} : { op: issuer(flags.op) }),
    origin: new URL(webAddress(flags.origin, '--origin')).origin,
    traces: flags.register ? 'allowed' : 'none',
    ...(flags['token-file'] === undefined ? {} : { accessToken: await readToken(flags['token-file']) }),
  }
  return async () => {
    const read = await readSynapse(settings)
    const knows = read === undefined ? undefined : ofTheSame(read, given.serverName)
    return { ...lookedAt(knows), subject: { ...named(fixed, knows), ...knows?.secrets } }
  }
}

/** @throws Syn2opError usage, for what needs a server to be asked. */
export const refuseWithoutServer = (given: Readonly<Record<string, unknown>>): void => {
  const flags = Object.entries(given).flatMap(([flag, value]) => (value === undefined ? [] : [flag]))
  if (flags.length === 0) return
  throw new Syn2opError('usage', `Without a server nobody is asked: ${flags.join(', ')} would do nothing`, {
    next: ['Name the homeserver: syn2op readiness example.org'],
  })
}

const lookedAt = (knows: SynapseKnows | undefined): Looked =>
  knows === undefined ? {} : { configuration: knows.configuration }

/** A homeserver that was given by its URL has the name that its configuration says. */
const named = (subject: Subject, knows: SynapseKnows | undefined): Subject =>
  knows === undefined || subject.baseUrl === undefined || subject.serverName !== undefined
    ? subject
    : { ...subject, serverName: knows.configuration.serverName }

/** Byte by byte as it was given: a slash at the end makes another issuer. */
const issuer = (text: string): string => {
  webAddress(text, '--op')
  return text
}

const readToken = async (file: string): Promise<string> => {
  const { readProtected } = await import('../migration/proofs/protected-file.ts')
  const token = (await readProtected(file, '--token-file')).trim()
  if (/^[\x21-\x7e]+$/u.test(token)) return token
  throw new Syn2opError('usage', 'The file of --token-file holds no access token', {
    next: ['It holds the token and nothing else, on one line.'],
  })
}

const nothingGiven = (): Syn2opError =>
  new Syn2opError('usage', 'Nothing is named that could be looked at', {
    next: [
      'A homeserver, by its server name or its URL: syn2op readiness example.org',
      'An OP alone: syn2op readiness --op https://auth.example.org/',
      'The configuration of a Synapse, without asking anybody: syn2op readiness --synapse-config homeserver.yaml',
    ],
  })
