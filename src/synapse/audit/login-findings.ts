import type { ShutWays } from '../../accounts/decisions/rules.ts'
import { finding } from '../../findings/catalogue.ts'
import type { Finding } from '../../findings/finding.ts'
import { counted } from '../../report/counted.ts'
import type { RelationCount } from '../../report/documents.ts'
import type { HomeserverConfig } from '../homeserver.ts'
import { knownModule } from '../known-modules.ts'
import type { Audit } from './audit.ts'

export interface LoginFacts extends Audit {
  /** Of the target. */
  readonly shut?: ShutWays | undefined
  readonly homeserver: Pick<
    HomeserverConfig,
    'modules' | 'passwordProviders' | 'jwtEnabled' | 'passwordsEnabled' | 'passwordLocalDatabase' | 'delegation'
  >
}

/** What the configuration tells of people’s ways to log in, beside what was counted. Pure. */
export const loginFindings = (facts: LoginFacts): readonly Finding[] => [
  ...modules(facts),
  ...(facts.homeserver.jwtEnabled
    ? [
        finding('JWT_LOGINS_END', {
          message: 'Synapse lets people in by JSON web tokens (`jwt_config`). How many do so is not in the database',
          remedy: [
            'Look into Synapse’s log for `org.matrix.login.jwt`, and let what signs the tokens become a provider.',
          ],
        }),
      ]
    : []),
  ...reopened(facts),
]

const modules = ({ homeserver, relations, findings }: LoginFacts): readonly Finding[] => {
  const loginOf = (name: string): 'password' | 'token' | undefined => knownModule(name)?.login
  const certain = [
    ...homeserver.passwordProviders.filter((name) => loginOf(name) !== 'token'),
    ...homeserver.modules.filter((name) => loginOf(name) === 'password'),
  ]
  const byToken = [...homeserver.passwordProviders, ...homeserver.modules].filter((name) => loginOf(name) === 'token')
  const unknown = homeserver.modules.filter((name) => knownModule(name) === undefined)
  const count = withoutLogin({ relations, findings })
  // Of modules nobody knows, the people without another way in are the only sign.
  const suspected = count === 0 ? [] : unknown
  const byPassword = [...certain, ...suspected]
  const told = [
    ...(byPassword.length === 0 ? [] : [passwordsElsewhere({ certain, suspected, count })]),
    ...(byToken.length === 0
      ? []
      : [`Synapse takes logins of ${byToken.map(described).join(', ')}, and the target will not`]),
  ]
  if (told.length === 0) return []
  return [
    finding('PASSWORD_PROVIDERS', {
      message: told.join('; '),
      ...(count === 0 || byPassword.length === 0 ? {} : { count }),
      samples: [...byPassword, ...byToken],
      remedy: [
        ...(byPassword.length === 0
          ? []
          : [
              'Let what stands behind the module become an upstream provider of the target, and link these people to it;',
              'or set a password for each (MAS: `mas-cli manage set-password NAME`).',
            ]),
        ...(byToken.length === 0
          ? []
          : [
              `Look into the documentation of what logs in by ${byToken.join(', ')} for how it does so with the target.`,
            ]),
      ],
    }),
  ]
}

interface PasswordsElsewhere {
  readonly certain: readonly string[]
  readonly suspected: readonly string[]
  /** People whom nothing else lets in. */
  readonly count: number
}

const passwordsElsewhere = ({ certain, suspected, count }: PasswordsElsewhere): string => {
  const asked = [
    ...(certain.length === 0 ? [] : [`${certain.map(described).join(', ')} at logins`]),
    ...(suspected.length === 0 ? [] : [`${suspected.join(', ')} for something that is not known here`]),
  ]
  const through = certain.length + suspected.length === 1 ? 'it' : 'them'
  const who = `: ${counted(count, 'person has', 'people have')} neither a password nor an identity, and most likely ${count === 1 ? 'logs' : 'log'} in through ${through}`
  return `Synapse asks ${asked.join(', and ')}, and the target will not${count === 0 ? '' : who}`
}

const described = (name: string): string => {
  const what = knownModule(name)?.what
  return what === undefined ? name : `${name} (${what})`
}

/** Whoever migrates without a login, or is held back for it. */
const withoutLogin = ({ relations, findings }: Audit): number =>
  (findings.find(({ code }) => code === 'ACCOUNTS_WITHOUT_LOGIN')?.count ?? 0) +
  (relationOf(relations, 'account')?.left.find(({ reason }) => reason === 'no_login')?.count ?? 0)

const relationOf = (relations: readonly RelationCount[], wanted: string): RelationCount | undefined =>
  relations.find(({ relation }) => relation === wanted)

const reopened = ({ homeserver, relations, shut }: LoginFacts): readonly Finding[] => {
  const { passwordsEnabled, passwordLocalDatabase, delegation } = homeserver
  // Off by default where MAS has the logins already: that says nothing about what was before.
  if (delegation?.enabled === true || shut?.passwords === true) return []
  const count = relationOf(relations, 'password')?.carried ?? 0
  if ((passwordsEnabled === true && passwordLocalDatabase) || count === 0) return []
  const [setting, before] = passwordLocalDatabase
    ? [`password_config.enabled: ${passwordsEnabled}`, 'password_config.enabled: true']
    : ['password_config.localdb_enabled: false', 'password_config.localdb_enabled: true']
  return [
    finding('PASSWORDS_REOPEN', {
      message: `Nobody logs in to Synapse with a password of its database (\`${setting}\`), but ${counted(count, 'hash is', 'hashes are')} carried, and count again where the target takes passwords`,
      count,
      remedy: [
        `If that was changed for the cut-over, put it back until \`migrate\` and \`verify\` are done: \`${before}\``,
        'If nobody is to log in with a password at MAS either, in its configuration: `passwords.enabled: false`',
        'If these passwords may count again: --accept PASSWORDS_REOPEN',
      ],
    }),
  ]
}
