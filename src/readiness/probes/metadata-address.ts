import type { Evidence } from '../evidence.ts'
import type { Answer } from '../http/exchange.ts'
import { listed } from '../listed.ts'
import { NATIVE_CLIENTS, NATIVE_NAMES, type NativeClient } from '../metadata/field-rules.ts'
import { PATH_WORDS, pathFor } from '../metadata/for-client.ts'
import { isDown, loginFlows, oauthSigns } from '../metadata/oauth-signs.ts'
import { errcodeOf, type MetadataPath, memberOf, metadataReading } from '../metadata/reading.ts'
import { SEE_MAS_FROM_SYNAPSE, SEND_MATRIX_TO_HOMESERVER } from './homeserver-remedies.ts'
import { answerTrouble, homeserverName, mayHaveMas, said } from './homeserver-saying.ts'
import { notAsked } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

const OTHER: Readonly<Record<MetadataPath, MetadataPath>> = {
  metadataStable: 'metadataUnstable',
  metadataUnstable: 'metadataStable',
}

/** The clients that ask this address, as far as /versions tells. */
const askers = (evidence: Evidence, path: MetadataPath): readonly NativeClient[] =>
  NATIVE_CLIENTS.filter((client) => pathFor(client, evidence) === path)

const whoAsks = (evidence: Evidence, path: MetadataPath): string => {
  const clients = askers(evidence, path)
  return clients.length === 0
    ? 'older apps ask it'
    : `${listed(clients.map((client) => NATIVE_NAMES[client]))} ${clients.length === 1 ? 'asks' : 'ask'} it`
}

const serveIt = (evidence: Evidence, path: MetadataPath): readonly string[] => [
  `Have ${PATH_WORDS[path]} answered as ${PATH_WORDS[OTHER[path]]} is: see where the proxy sends it.`,
  ...(homeserverName(evidence) === 'Synapse' ? ['Synapse with MAS serves both.'] : []),
]

const delegate = (evidence: Evidence): readonly string[] =>
  homeserverName(evidence) === 'Synapse' || homeserverName(evidence) === undefined
    ? [
        'Nothing to do as long as people log in as before. For OAuth, have Synapse delegate to MAS: docs/how-to/synapse-to-mas.md',
      ]
    : [
        'Nothing to do as long as people log in as before. For OAuth, see what this homeserver offers: Tuwunel and continuwuity have an OP of their own.',
      ]

/** Nothing is wrong without OAuth, but where an OP was named that people are to come to, or where Element X has no password. */
const needsOp = (evidence: Evidence): boolean => {
  const flows = loginFlows(evidence)
  return (
    evidence.issuerFrom === 'given' || flows?.some((flow) => memberOf(flow, 'type') === 'm.login.password') === false
  )
}

/** 404 M_UNRECOGNIZED: broken where an OP is there or meant to be, and as ever where there is none. */
const judgeNone = (evidence: Evidence, path: MetadataPath): Judgement => {
  const other = metadataReading(evidence, OTHER[path])
  if (other.state === 'document') {
    return {
      result: 'fail',
      seen: `404 M_UNRECOGNIZED here, and the metadata at ${PATH_WORDS[OTHER[path]]}: ${whoAsks(evidence, path)}, and no client tries the other`,
      remedy: serveIt(evidence, path),
      ...(askers(evidence, path).length === 0 && evidence.asked.versions !== undefined
        ? { level: 'warning' as const }
        : {}),
    }
  }
  const signs = oauthSigns(evidence)
  if (signs.length > 0) {
    return {
      result: 'fail',
      seen: `404 M_UNRECOGNIZED, but ${listed(signs)}`,
      remedy: [
        mayHaveMas(evidence)
          ? 'In homeserver.yaml: matrix_authentication_service.enabled: true, and restart every worker.'
          : 'Turn the OP of the homeserver on in its configuration.',
        'See whether the proxy sends this address to the homeserver that has it on, not to another worker or an older process.',
      ],
    }
  }
  return {
    result: 'fail',
    level: needsOp(evidence) ? 'warning' : 'info',
    seen: '404 M_UNRECOGNIZED: no OAuth here, people log in by password or SSO as before',
    remedy: delegate(evidence),
  }
}

/** What else may be answered, with its cause. */
const judgeWrong = (evidence: Evidence, path: MetadataPath, answer: Answer): Judgement => {
  const words = said(answer)
  const isMeant = oauthSigns(evidence).length > 0 || metadataReading(evidence, OTHER[path]).state === 'document'
  // Element Web says that it is misconfigured, and offers the old logins below.
  const level = isMeant || answer.status >= 500 || answer.status < 400 ? 'error' : 'warning'
  const trouble = answerTrouble({ question: { method: 'GET', url: PATH_WORDS[path] }, answer })
  if (trouble !== undefined) return { result: 'fail', ...trouble, level }
  if (answer.status >= 500 && !(mayHaveMas(evidence) && !isDown(evidence))) {
    return {
      result: 'fail',
      level,
      seen: words,
      remedy: [`See in the log of the homeserver what it makes of GET ${PATH_WORDS[path]}.`],
    }
  }
  if (answer.status >= 500) {
    return {
      result: 'fail',
      level,
      seen: `${words}: as Synapse says before it has reached MAS once`,
      remedy: [
        ...SEE_MAS_FROM_SYNAPSE,
        'What it shows has to have `issuer` and `account_management_uri`. A cache before Synapse may keep this error for 10 minutes.',
      ],
    }
  }
  if (answer.status === 404) {
    const code = errcodeOf(answer)
    return {
      result: 'fail',
      level,
      seen: `${words}, where a homeserver without OAuth says M_UNRECOGNIZED`,
      remedy:
        code === undefined
          ? SEND_MATRIX_TO_HOMESERVER
          : [
              'Update the homeserver: Element Web takes this answer for a broken homeserver, and says "Your Element is misconfigured".',
            ],
    }
  }
  return { result: 'fail', level, seen: `${words}: no metadata`, remedy: SEND_MATRIX_TO_HOMESERVER }
}

const judge =
  (path: MetadataPath) =>
  (evidence: Evidence): Judgement => {
    const reading = metadataReading(evidence, path)
    switch (reading.state) {
      case 'not asked':
        return notAsked(evidence, path)
      case 'unreachable':
        return {
          result: 'fail',
          seen: `no answer: ${reading.why}`,
          remedy: [
            `See whether the homeserver runs, and from here: curl -v ${evidence.baseUrl ?? ''}${PATH_WORDS[path]}`,
          ],
        }
      case 'no OAuth':
        return judgeNone(evidence, path)
      case 'wrong':
        return judgeWrong(evidence, path, reading.answer)
      case 'document': {
        const issuer = memberOf(reading.document, 'issuer')
        return {
          result: 'pass',
          seen: typeof issuer === 'string' ? `the OP ${issuer}: ${whoAsks(evidence, path)}` : whoAsks(evidence, path),
        }
      }
    }
  }

const WHY =
  'Element X shows the password form in place of the OP, or "The selected homeserver doesn\'t support password or OAuth login"; at "create account" it says "Your homeserver needs to be upgraded to support Matrix Authentication Service and account creation". Element Web offers the old logins, under "Your Element is misconfigured" unless the answer is 404 M_UNRECOGNIZED.'

export const METADATA_ADDRESS_PROBES: readonly Probe[] = [
  {
    code: 'METADATA_STABLE',
    part: 'homeserver',
    title: `The homeserver names its OP at ${PATH_WORDS.metadataStable}`,
    spec: 'MSC2965, Matrix 1.15',
    stability: 'stable',
    level: 'error',
    why: `${WHY} FluffyChat asks this address only, whatever /versions says.`,
    judge: judge('metadataStable'),
  },
  {
    code: 'METADATA_UNSTABLE',
    part: 'homeserver',
    title: `The homeserver names its OP at ${PATH_WORDS.metadataUnstable} too`,
    spec: 'MSC2965 before Matrix 1.15',
    stability: 'unstable',
    level: 'error',
    why: `${WHY} Where /versions has no v1.15, as that of Synapse 1.157, Element X and Element Web ask this address only.`,
    judge: judge('metadataUnstable'),
  },
]
