import type { ReadinessProbe } from '../../report/readiness-document.ts'
import type { NativeClient } from '../metadata/field-rules.ts'
import { type ClientMetadata, metadataFor } from '../metadata/for-client.ts'
import { errcodeOf } from '../metadata/reading.ts'
import type { ProbeCode } from '../probes/probe.ts'
import type { Ground } from './ground.ts'
import { type Because, because, named } from './outcome.ts'
import { SYMPTOMS } from './symptoms.ts'

/**
 * Which way a client with OAuth goes at a homeserver. op: by OAuth. homeserver: by /login as if there were no OAuth. closed: it
 * shows an error and goes neither way.
 */
export type NativeWay =
  | { readonly way: 'op' }
  /** quiet: it says so itself, and nothing is wrong. */
  | { readonly way: 'homeserver'; readonly why: Because; readonly quiet: boolean }
  | { readonly way: 'closed'; readonly why: Because }
  | { readonly way: 'unknown'; readonly why: Because }

export const nativeWay = (client: NativeClient, ground: Ground): NativeWay => {
  const found = metadataFor(client, ground.evidence)
  if (found.accepted === true) return { way: 'op' }
  if (found.accepted === 'unknown') return { way: 'unknown', why: because(found.why) }
  const probe = refusalProbe(found, ground)
  if (found.refused === 'no OAuth') {
    return { way: 'homeserver', why: named(probe, 'the homeserver says that it has no OAuth'), quiet: true }
  }
  const { way, words } = WITHOUT[client](found, ground)
  const why = named(probe, words)
  return way === 'homeserver' ? { way, why, quiet: false } : { way, why }
}

interface Refusal {
  readonly way: 'homeserver' | 'closed'
  readonly words: string
}

const WITHOUT: Readonly<Record<NativeClient, (found: ClientMetadata, ground: Ground) => Refusal>> = {
  'element-x': ({ why, refused }) =>
    refused === 'registration'
      ? { way: 'closed', words: `Element X shows ${SYMPTOMS.elementXRegistration}: ${why}` }
      : { way: 'homeserver', words: `Element X takes no OAuth here and says nothing of it: ${why}` },
  'element-web': ({ why }) => ({
    way: 'homeserver',
    words: `Element Web shows ${SYMPTOMS.misconfigured} and offers what /login has: ${why}`,
  }),
  'fluffychat': (found, ground) => {
    const { why } = found
    if (saysMatrixError(found, ground)) {
      return { way: 'homeserver', words: `FluffyChat takes no OAuth here and says nothing of it: ${why}` }
    }
    const shown = isText(found, ground) ? SYMPTOMS.fluffychatWrongUrl : SYMPTOMS.fluffychatOops
    return { way: 'closed', words: `FluffyChat shows ${shown} and offers nothing else: ${why}` }
  },
}

const saysMatrixError = ({ path, refused }: ClientMetadata, { evidence }: Ground): boolean => {
  const answer = path === undefined ? undefined : evidence.asked[path]?.answer
  return refused === 'answer' && answer !== undefined && errcodeOf(answer) !== undefined
}

const isText = ({ path }: ClientMetadata, { evidence }: Ground): boolean => {
  const answer = path === undefined ? undefined : evidence.asked[path]?.answer
  return answer !== undefined && answer.json === undefined
}

const FIELD_PROBES: readonly ProbeCode[] = [
  'METADATA_REQUIRED',
  'METADATA_VALUES',
  'METADATA_HTTPS',
  'METADATA_OPTIONAL',
]

/** The probe that tells the same. */
const refusalProbe = ({ path, refused, faults }: ClientMetadata, { failed }: Ground): ReadinessProbe | undefined => {
  if (refused === 'cors') return failed('HOMESERVER_CORS')
  if (refused === 'fields' || refused === 'registration') {
    const fields = new Set(faults.map(({ field }) => field))
    return FIELD_PROBES.map((code) => failed(code)).find((probe) =>
      probe?.faults?.some(({ field }) => fields.has(field)),
    )
  }
  if (path === undefined) return failed('VERSIONS')
  return failed(path === 'metadataStable' ? 'METADATA_STABLE' : 'METADATA_UNSTABLE')
}
