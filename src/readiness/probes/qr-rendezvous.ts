import type { Evidence } from '../evidence.ts'
import { delegation } from '../metadata/oauth-signs.ts'
import { memberOf, objectOf } from '../metadata/reading.ts'
import { listedVersions } from '../metadata/versions.ts'
import { exchangeSaid, homeserverName, notConcerned } from './homeserver-saying.ts'
import { notAsked } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

const judge = (evidence: Evidence): Judgement => {
  const listed = listedVersions(evidence)
  const { rendezvous } = evidence.asked
  if (listed === undefined && rendezvous === undefined) return notAsked(evidence, 'rendezvous')
  if (delegation(evidence) !== 'on') return notConcerned('There is no OAuth, and without it no login by QR code.')
  const isFlagged = listed?.features.has('org.matrix.msc4108') === true
  const answer = rendezvous?.answer
  const isOffered = answer?.status === 200 && memberOf(objectOf(answer.json), 'create_available') === true
  if (isFlagged)
    return { result: 'pass', seen: `/versions has org.matrix.msc4108${isOffered ? ', and MSC4388 is there' : ''}` }
  const newer = isOffered
    ? 'MSC4388 is there, which apps of today do not look for'
    : rendezvous === undefined
      ? 'MSC4388 was not asked'
      : `MSC4388: ${exchangeSaid(rendezvous)}`
  return {
    result: 'fail',
    seen: `/versions has no org.matrix.msc4108; ${newer}`,
    remedy:
      homeserverName(evidence) === 'Synapse' || homeserverName(evidence) === undefined
        ? [
            'For Synapse, in homeserver.yaml: experimental_features: { msc4108_enabled: true }, and restart every worker.',
          ]
        : ['See whether this homeserver has a rendezvous for the login by QR code (MSC4108).'],
  }
}

export const QR_RENDEZVOUS_PROBES: readonly Probe[] = [
  {
    code: 'QR_RENDEZVOUS',
    part: 'homeserver',
    title: 'The homeserver has a place where two devices meet for a login by QR code',
    spec: 'MSC4108 and MSC4388, both in no version of Matrix',
    stability: 'unstable',
    level: 'info',
    why: 'Element X and Element Web offer no "Link new device", or say "QR code not supported".',
    judge,
  },
]
