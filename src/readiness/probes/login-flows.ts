import type { Evidence } from '../evidence.ts'
import type { Answer } from '../http/exchange.ts'
import { listed } from '../listed.ts'
import { awareNames, delegation, loginFlows } from '../metadata/oauth-signs.ts'
import { errcodeOf } from '../metadata/reading.ts'
import { SEND_LOGINS_TO_MAS } from './homeserver-remedies.ts'
import { hasMas, hasOwnOp, judgeAnswer, mayHaveMas, notConcerned, said } from './homeserver-saying.ts'
import { notAsked } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'm.login.password': 'password',
    'm.login.sso': 'SSO',
    'm.login.cas': 'CAS',
    'm.login.token': 'login token',
    'm.login.application_service': 'application services',
    'org.matrix.login.jwt': 'JWT',
  }),
)

const typesOf = (evidence: Evidence): ReadonlySet<string> =>
  new Set(
    (loginFlows(evidence) ?? []).flatMap((flow) => {
      const type = flow['type']
      return typeof type === 'string' ? [type] : []
    }),
  )

/** The ways in which people log in; the others are for programs. */
const PEOPLES = ['m.login.password', 'm.login.sso', 'm.login.cas', 'org.matrix.login.jwt']

/** What to do where /login is not the one of the OP. */
const compatRemedy = (evidence: Evidence): readonly string[] =>
  mayHaveMas(evidence)
    ? SEND_LOGINS_TO_MAS
    : [
        'Nothing to do where apps without OAuth are not wanted. Else have the homeserver let them in; for continuwuity: oauth.compatibility_mode = "hybrid".',
      ]

const judgeNoFlows = (evidence: Evidence, answer: Answer): Judgement => {
  const words = said(answer)
  if (delegation(evidence) === 'on') {
    const isUnsent = answer.status === 404 && errcodeOf(answer) === 'M_UNRECOGNIZED' && mayHaveMas(evidence)
    return {
      result: 'fail',
      level: 'warning',
      seen: isUnsent ? `${words}: Synapse itself answers, and not MAS` : words,
      remedy: compatRemedy(evidence),
    }
  }
  return {
    result: 'fail',
    seen: `${words}: no way to log in`,
    remedy: ['See where the proxy sends /_matrix/client/v3/login.'],
  }
}

const judgeFlows = (evidence: Evidence): Judgement => {
  const isOn = delegation(evidence) === 'on'
  // With OAuth on, the other apps log in by the OP.
  const weight = isOn ? { level: 'warning' as const } : {}
  const judge = (answer: Answer): Judgement => {
    if (loginFlows(evidence) === undefined) return judgeNoFlows(evidence, answer)
    const types = typesOf(evidence)
    const words = listed([...types].map((type) => TYPES.get(type) ?? type))
    if (PEOPLES.some((type) => types.has(type))) return { result: 'pass', seen: words }
    return {
      result: 'fail',
      ...weight,
      seen: types.size === 0 ? 'no way to log in is offered' : `${words}: no way for people`,
      remedy: isOn
        ? compatRemedy(evidence)
        : [
            mayHaveMas(evidence)
              ? 'In homeserver.yaml: password_config.enabled: true, or oidc_providers with an OP.'
              : 'Have the homeserver offer a login by password or by SSO.',
          ],
    }
  }
  return judgeAnswer(evidence, 'login', judge, { ...weight, behind: hasMas(evidence) ? 'MAS' : 'the homeserver' })
}

/** Judged only where GET /login has flows; LOGIN_FLOWS says why it has none. */
const withFlows = (evidence: Evidence, judge: (types: ReadonlySet<string>) => Judgement): Judgement => {
  if (evidence.asked.login === undefined) return notAsked(evidence, 'login')
  if (loginFlows(evidence) === undefined)
    return notConcerned('/login has no answer to look into: LOGIN_FLOWS says why.')
  return judge(typesOf(evidence))
}

const passwordSetting = (evidence: Evidence): string => {
  if (hasMas(evidence)) return " Else in MAS's configuration: passwords.enabled: true"
  return mayHaveMas(evidence) ? ' Else in homeserver.yaml: password_config.enabled: true' : ''
}

const judgePassword = (evidence: Evidence): Judgement =>
  withFlows(evidence, (types) => {
    if (types.has('m.login.password')) return { result: 'pass', seen: 'apps and bots may log in by a password' }
    return {
      result: 'fail',
      seen: 'no m.login.password',
      remedy: [`Nothing to do where people have no passwords.${passwordSetting(evidence)}`],
    }
  })

const ssoSetting = (evidence: Evidence): string => {
  if (mayHaveMas(evidence)) return ' For Synapse, it comes with oidc_providers in homeserver.yaml.'
  return hasOwnOp(evidence) ? ' Tuwunel offers it where it has an identity_provider.' : ''
}

const judgeSso = (evidence: Evidence): Judgement =>
  withFlows(evidence, (types) => {
    if (types.has('m.login.sso')) return { result: 'pass', seen: 'apps without OAuth may log in by a web page' }
    if (hasMas(evidence)) {
      return {
        result: 'fail',
        level: 'warning',
        seen: 'no m.login.sso, which MAS always has: another than MAS answers',
        remedy: SEND_LOGINS_TO_MAS,
      }
    }
    return {
      result: 'fail',
      seen: 'no m.login.sso',
      remedy: [`Nothing to do where people log in by a password.${ssoSetting(evidence)}`],
    }
  })

const judgeAware = (evidence: Evidence): Judgement =>
  withFlows(evidence, () => {
    const names = awareNames(loginFlows(evidence) ?? [])
    const state = delegation(evidence)
    if (names.length === 0 && state !== 'on')
      return notConcerned('The homeserver has no OAuth that /login could speak of.')
    if (names.length > 0) return { result: 'pass', seen: listed(names) }
    return {
      result: 'fail',
      seen: typesOf(evidence).has('m.login.sso')
        ? 'm.login.sso says neither oauth_aware_preferred nor org.matrix.msc3824.delegated_oidc_compatibility'
        : 'there is no m.login.sso that could say so',
      remedy: mayHaveMas(evidence)
        ? SEND_LOGINS_TO_MAS
        : [
            'For Tuwunel, in tuwunel.toml: oidc_aware_preferred = true, and an identity_provider for m.login.sso. Of others no such setting is known.',
          ],
    }
  })

export const LOGIN_FLOW_PROBES: readonly Probe[] = [
  {
    code: 'LOGIN_FLOWS',
    part: 'both',
    title: 'Apps without OAuth are offered a way to log in',
    spec: 'Client-Server API, GET /login',
    stability: 'stable',
    level: 'error',
    why: 'Apps without OAuth, bots and scripts cannot log in: "This homeserver doesn\'t offer any login flows that are supported by this client". Element X too has nothing to fall back to.',
    judge: judgeFlows,
  },
  {
    code: 'LEGACY_PASSWORD',
    part: 'both',
    title: 'Apps and bots without OAuth may log in by a password',
    spec: 'Client-Server API, m.login.password',
    stability: 'stable',
    level: 'info',
    why: 'Bots, scripts and apps that know passwords only cannot log in.',
    judge: judgePassword,
  },
  {
    code: 'LEGACY_SSO',
    part: 'both',
    title: 'Apps without OAuth may log in by a web page',
    spec: 'Client-Server API, m.login.sso',
    stability: 'stable',
    level: 'info',
    why: 'People without a password cannot log in with Cinny, Element Classic and other apps without OAuth.',
    judge: judgeSso,
  },
  {
    code: 'OAUTH_AWARE',
    part: 'both',
    title: 'The login says to apps that know of OAuth that an OP has it',
    spec: 'MSC3824, Matrix 1.18',
    stability: 'stable',
    level: 'warning',
    why: 'Element Classic and other OIDC-aware apps show a password form beside the OP, and settings of passwords and e-mails that do nothing.',
    judge: judgeAware,
  },
]
