import { KEPT, type Meaning, OWN_DEVICE_NAMES, OWN_DEVICES } from '../tables.ts'
import { maskedEmails, maskedIp, maskedPhones } from './addresses.ts'
import { type Aliases, aliases, libertyOf } from './aliases.ts'
import type { DrawsOf } from './draws.ts'
import type { Hashes } from './hashes.ts'
import { type Chunks, type Localparts, maskedLocalparts } from './localparts.ts'
import { maskedMxids } from './mxids.ts'
import { maskedProviders, type ProviderNames, type Providers } from './providers.ts'
import { redraw } from './redraw.ts'
import { maskedServers, type Servers } from './servers.ts'
import type { TextsSeen } from './texts-seen.ts'
import { movedTimes, type Times } from './times.ts'
import { maskedTokens } from './tokens.ts'

export type Cell = string | null
export type Row = Readonly<Record<string, Cell>>

/** Puts other values in the place of the source's. */
export interface Masker {
  readonly servers: Servers
  readonly localparts: Localparts
  readonly providers: Providers
  readonly appservices: Aliases
  readonly times: Times
  mxid(mxid: string): string
  /** A row of a table, with the columns that are kept. */
  row(table: string, row: Row): Row
  /** Told of every value of a column whose others must differ from each other. */
  learn(meaning: LearntMeaning, text: string, medium?: string): void
}

export const LEARNT = ['mxid', 'localpart', 'subject', 'address', 'device'] as const
export type LearntMeaning = (typeof LEARNT)[number]

export interface MaskerOptions {
  readonly draws: DrawsOf
  readonly serverName: string
  readonly seen: TextsSeen
  readonly providers: ProviderNames
  readonly chunks: Chunks
  /** Whether another localpart is in the namespaces of the same application services. */
  readonly fits: (localpart: string, other: string) => boolean
  readonly hashes: Hashes
  /** all: what was asked stays in memory. A number: about how many values will be learnt first. */
  readonly remembers: 'all' | number
  /** Told a kind of texts of which one could not be given another that nobody has. */
  readonly gaveUp?: (kind: string) => void
}

export const masker = (options: MaskerOptions): Masker => {
  const { draws, seen, serverName, chunks, fits, hashes, remembers, gaveUp } = options
  const common = { draws, seen, remembers, gaveUp }
  const few = { ...common, remembers: 'all' } as const
  const servers = maskedServers(few)
  const localparts = maskedLocalparts({ ...common, chunks, fits })
  const mxids = maskedMxids({ serverName, localparts, servers })
  const providers = maskedProviders({ ...few, ...options.providers })
  const emails = maskedEmails({ ...common, servers })
  const phones = maskedPhones(common)
  const devices = aliases({ ...common, purpose: 'device' })
  const subjects = aliases({ ...common, purpose: 'subject' })
  const appservices = aliases({ ...few, purpose: 'appservice' })
  const updates = aliases({ ...few, purpose: 'update' })
  const tokens = maskedTokens({ draws, seen, localpart: localparts.of })
  const times = movedTimes(draws)
  const ip = maskedIp(draws)
  /** Two texts may become one here. */
  const plain = (purpose: string, text: string): string => {
    for (let attempt = 0; ; attempt++) {
      const other = redraw(text, draws(purpose, text, attempt), libertyOf(attempt))
      if (other === '' || attempt > 60 || (other !== text && !seen.isIn(other))) return other
    }
  }
  const addresses = (medium: string | undefined): Aliases => (medium === 'msisdn' ? phones : emails)
  const avatar = (url: string): string => {
    const [, server = '', rest = ''] = /^mxc:\/\/([^/]*)\/(.*)$/su.exec(url) ?? []
    return rest === '' ? plain('avatar', url) : `mxc://${servers.of(server)}/${plain('avatar', rest)}`
  }
  const cell = (meaning: Meaning, text: string, row: Row): string => {
    if (typeof meaning === 'object') {
      if ('always' in meaning) return meaning.always
      return meaning.oneOf.includes(text) ? text : plain('word', text)
    }
    switch (meaning) {
      case 'mxid':
        return mxids.of(text)
      case 'localpart':
        return localparts.of(text)
      case 'hash':
        return hashes.of(text)
      case 'seconds':
        return times.seconds(text)
      case 'milliseconds':
        return times.milliseconds(text)
      case 'number':
      case 'flag':
        return text
      case 'appservice':
        return appservices.of(text)
      case 'provider':
        return providers.of(text)
      case 'subject':
        return subjects.of(text)
      case 'address':
        return addresses(row['medium'] ?? undefined).of(text)
      case 'device':
        return OWN_DEVICES.includes(text) ? text : devices.of(text)
      case 'device name':
        return OWN_DEVICE_NAMES.includes(text) ? text : plain('device name', text)
      case 'display name':
        return plain('display name', text)
      case 'avatar':
        return avatar(text)
      case 'ip':
        return ip(text)
      case 'agent':
        return plain('agent', text)
      case 'token':
        return tokens.of(text)
      case 'update':
        return updates.of(text)
    }
  }
  return {
    servers,
    localparts,
    providers,
    appservices,
    times,
    mxid: mxids.of,
    row: (table, row) => {
      const kept = KEPT[table] ?? {}
      return Object.fromEntries(
        Object.entries(row).flatMap(([column, value]): readonly (readonly [string, Cell])[] => {
          const meaning = Object.hasOwn(kept, column) ? kept[column] : undefined
          return meaning === undefined ? [] : [[column, value === null ? null : cell(meaning, value, row)]]
        }),
      )
    },
    learn: (meaning, text, medium) => {
      const { learn } = {
        mxid: mxids,
        localpart: localparts,
        subject: subjects,
        address: addresses(medium),
        device: devices,
      }[meaning]
      learn(text)
    },
  }
}
