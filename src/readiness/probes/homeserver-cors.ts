import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { ONCE_ALONE, unreadable } from '../http/web-reader.ts'
import { ALLOW_ORIGINS } from './homeserver-remedies.ts'
import { listed, notAsked } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

/** What Element Web reads before anybody is logged in. .well-known is WELL_KNOWN's. */
const READ = [
  { question: 'versions', field: '/_matrix/client/versions' },
  { question: 'metadataStable', field: '/_matrix/client/v1/auth_metadata' },
  { question: 'metadataUnstable', field: '/_matrix/client/unstable/org.matrix.msc2965/auth_metadata' },
  { question: 'login', field: '/_matrix/client/v3/login' },
  { question: 'whoami', field: '/_matrix/client/v3/account/whoami' },
] as const

const judge = (evidence: Evidence): Judgement => {
  // An error of the proxy is said by the probe of what was asked.
  const answers = READ.flatMap(({ question, field }) => {
    const answer = evidence.asked[question]?.answer
    return answer === undefined || answer.status >= 500 ? [] : [{ field, found: unreadable(answer, evidence.origin) }]
  })
  if (answers.length === 0) {
    return evidence.asked.versions === undefined
      ? notAsked(evidence, 'versions')
      : { result: 'not asked', seen: 'The homeserver gave no answer that tells: VERSIONS says why.' }
  }
  const hidden = answers.flatMap(({ field, found }) => (found === undefined ? [] : [{ field, found }]))
  const faults = hidden.map(
    ({ field, found: { what, seen } }): ReadinessFault => ({
      field,
      what,
      ...(seen === undefined ? {} : { seen }),
      breaks: ['element-web'],
    }),
  )
  const isTwice = hidden.some(({ found }) => found.why === 'twice')
  const isAll = hidden.every(({ found }) => found.why === 'twice')
  if (faults.length === 0) return { result: 'pass', seen: `${evidence.origin} can read every answer` }
  return {
    result: 'fail',
    seen: `${evidence.origin} cannot read ${listed(faults.map(({ field }) => field))}${isTwice && isAll ? ': the header access-control-allow-origin is sent twice' : ''}`,
    faults,
    remedy: [...(isTwice ? [ONCE_ALONE] : []), ...(isAll ? [] : ALLOW_ORIGINS)],
  }
}

export const HOMESERVER_CORS_PROBES: readonly Probe[] = [
  {
    code: 'HOMESERVER_CORS',
    part: 'homeserver',
    title: 'Web clients may read what the homeserver answers',
    spec: 'Client-Server API, web browser clients; CORS (Fetch standard)',
    stability: 'stable',
    level: 'error',
    why: 'Element Web and other clients in a browser reach nothing: "Your Element is misconfigured", or that the homeserver cannot be reached. Apps on phones do not mind.',
    judge,
  },
]
