import type { ReadinessFault } from '../../report/readiness-document.ts'
import type { Evidence } from '../evidence.ts'
import { PATH_WORDS, pathFor } from '../metadata/for-client.ts'
import { type JsonObject, memberOf, objectOf } from '../metadata/reading.ts'
import { listedVersions, newestVersion } from '../metadata/versions.ts'
import { SEND_MATRIX_TO_HOMESERVER } from './homeserver-remedies.ts'
import { judgeAnswer, said } from './homeserver-saying.ts'
import { shortened } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

/** Which address of the metadata Element X and Element Web ask. */
const asked = (evidence: Evidence): string => {
  const x = pathFor('element-x', evidence)
  const web = pathFor('element-web', evidence)
  if (x === undefined || web === undefined) return ''
  return x === web
    ? `Element X and Element Web ask ${PATH_WORDS[x]}`
    : `Element X asks ${PATH_WORDS[x]}, Element Web, which looks for v1.15 itself, ${PATH_WORDS[web]}`
}

/** Element X reads every version as a text and every feature as a boolean, or nothing of it. */
const strictFaults = (document: JsonObject): readonly ReadinessFault[] => {
  const versions = memberOf(document, 'versions')
  const features = memberOf(document, 'unstable_features')
  const ofFeatures = objectOf(features)
  const odd = Object.keys(ofFeatures ?? {}).find((name) => typeof ofFeatures?.[name] !== 'boolean')
  const fault = (field: string, what: string): ReadinessFault => ({ field, what, breaks: ['element-x'] })
  return [
    ...(Array.isArray(versions) && versions.every((version) => typeof version === 'string')
      ? []
      : [fault('versions', 'has something in it that is no text')]),
    ...(features !== undefined && ofFeatures === undefined ? [fault('unstable_features', 'is no object')] : []),
    ...(odd === undefined
      ? []
      : [fault('unstable_features', `has ${shortened(odd)}, which is neither true nor false`)]),
  ]
}

const judge = (evidence: Evidence): Judgement =>
  judgeAnswer(evidence, 'versions', (answer) => {
    const listed = listedVersions(evidence)
    if (listed === undefined || listed.versions.length === 0) {
      return {
        result: 'fail',
        seen: `${said(answer)}: no list of versions`,
        remedy: SEND_MATRIX_TO_HOMESERVER,
        faults: [
          {
            field: 'versions',
            what: 'is no list of versions',
            breaks: ['element-x', 'element-web', 'fluffychat', 'aware', 'legacy-password', 'legacy-sso'],
          },
        ],
      }
    }
    const strict = strictFaults(objectOf(answer.json) ?? {})
    if (strict.length > 0) {
      return {
        result: 'fail',
        seen: `${strict.map(({ field, what }) => `${field} ${what}`).join('; ')}: Element X takes none of it`,
        remedy: [
          'See what writes it, the homeserver or the proxy: versions is a list of texts, unstable_features an object of true and false.',
        ],
        faults: strict,
      }
    }
    return { result: 'pass', seen: `up to ${newestVersion(listed) ?? listed.versions.at(-1)}: ${asked(evidence)}` }
  })

export const VERSIONS_PROBES: readonly Probe[] = [
  {
    code: 'VERSIONS',
    part: 'homeserver',
    title: 'The homeserver answers, and says which versions of Matrix it knows',
    spec: 'Client-Server API, GET /versions',
    stability: 'stable',
    level: 'error',
    why: 'No client gets any further: "We couldn\'t reach this homeserver" in Element X. By the versions Element X and Element Web choose the address of the metadata, and do not try the other.',
    judge,
  },
]
