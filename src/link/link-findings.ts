import { finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import { counted } from '../report/counted.ts'
import { shellWord } from '../report/resume-command.ts'
import { checkActivity } from '../synapse/check-source.ts'
import type { LinkConflict } from './decide-links.ts'
import type { LinkPlace, WantedLink } from './link-place.ts'
import type { ShutOut } from './who-is-linked.ts'

/** How many are named of those whom a finding concerns. */
const SAMPLES = 5

/** People of one homeserver are nobody's at another, though many have the same names there. */
export const otherHomeserver = (
  { product, homeserver }: Pick<LinkPlace, 'product' | 'homeserver'>,
  serverName: string,
): readonly Finding[] =>
  homeserver === undefined || homeserver === serverName
    ? []
    : [
        finding('MAS_SERVER_NAME', {
          message: `${product} serves ${homeserver}, and the accounts are of ${serverName}: whoever has the same name there would get their links`,
          samples: [homeserver, serverName],
          remedy: [
            `Give the configuration of the ${product} whose \`matrix.homeserver\` is ${serverName}: --link-config`,
          ],
        }),
      ]

/** Where people log in: the provider's product, and how `--target` names it. */
export interface LoginsAt {
  readonly product: string
  readonly target: string
}

/** Those whom no run has brought to where they are to log in. */
export const notWhereTheyLogIn = (
  mxids: readonly string[],
  { whom, logins: { product, target } }: { readonly whom: 'migrated' | 'everybody'; readonly logins: LoginsAt },
): readonly Finding[] => {
  if (mxids.length === 0) return []
  const count = mxids.length
  return [
    finding('LINK_NOT_AT_KEYCLOAK', {
      message:
        whom === 'everybody'
          ? `${counted(count, 'account is', 'accounts are')} linked that no run here has brought to ${product}`
          : `${counted(count, 'account that is to migrate is', 'accounts that are to migrate are')} not at ${product}, by the runs here, and not linked`,
      count,
      samples: mxids.slice(0, SAMPLES),
      remedy:
        whom === 'everybody'
          ? [`Bring them there before anybody logs in: syn2op migrate --target ${target}`]
          : [
              `Whom no run has come to yet: syn2op migrate --target ${target}`,
              `Why one is not there: syn2op explain ${shellWord(mxids[0] ?? '@user:server')} --target ${target}`,
              'Where these are to stay behind, and the others to be linked: --accept LINK_NOT_AT_KEYCLOAK',
              'Where the runs have another folder, name it with --runs-dir; to link them beforehand: --everybody',
            ],
    }),
  ]
}

/**
 * Of Keycloak and MAS together: those whom only MAS has, or would have.
 * @param whom everybody: before anything is written.
 */
export const onlyAtMas = (accounts: readonly ShutOut[], whom: 'migrated' | 'everybody'): readonly Finding[] =>
  accounts.length === 0
    ? []
    : [
        finding('LINK_NOT_AT_KEYCLOAK', {
          message:
            whom === 'everybody'
              ? `${counted(accounts.length, 'account goes', 'accounts go')} to MAS and not to Keycloak: no new login would be possible`
              : `${counted(accounts.length, 'account is', 'accounts are')} at MAS and not at Keycloak: not linked, and no new login is possible`,
          count: accounts.length,
          samples: accounts
            .slice(0, SAMPLES)
            .map(({ mxid, why = 'no run has brought it there' }) => `${mxid} (${why})`),
          remedy: [
            'Take what is in their way out of it at Keycloak, or give them names there by `usernames` in its mapping; then migrate again.',
            'Where their devices and sessions are to live on without a login: --accept LINK_NOT_AT_KEYCLOAK',
          ],
        }),
      ]

/** Those whom the place of the links does not have. */
export const missingUsers = (missing: readonly WantedLink[], { product }: LinkPlace): readonly Finding[] =>
  missing.length === 0
    ? []
    : [
        finding('LINK_USERS_MISSING', {
          message: `${product} has no user for ${counted(missing.length, 'account', 'accounts')}: not linked`,
          count: missing.length,
          samples: missing.slice(0, SAMPLES).map(({ mxid }) => mxid),
          remedy: ['Bring them there first, and link again; or accept it: --accept LINK_USERS_MISSING'],
        }),
      ]

/** Those of whom a link says otherwise. */
export const conflictFindings = (conflicts: readonly LinkConflict[], logins: LoginsAt): readonly Finding[] =>
  conflicts.length === 0
    ? []
    : [
        finding('LINK_CONFLICTS', {
          message: conflictMessage(conflicts, logins),
          count: conflicts.length,
          samples: conflicts.slice(0, SAMPLES).map((conflict) => conflictWords(conflict, logins)),
          remedy: [
            'Look whose they are (--json names some). Remove a link that is wrong, and link again.',
            ...(conflicts.some(({ why }) => why === 'stranger') ? [STRANGERS] : []),
            ...(conflicts.some(({ why }) => why === 'other')
              ? [
                  `Who comes from ${logins.product} as somebody else: take them apart there, migrate, and link again. Else a second account is made for them, or they get that one’s.`,
                ]
              : []),
            'To leave them so: --accept LINK_CONFLICTS',
          ],
        }),
      ]

const STRANGERS =
  'Where MAS has the same person under that name: migrate to MAS with conflicts.username: adopt in its mapping, and link again.'

const conflictMessage = (conflicts: readonly LinkConflict[], { product }: LoginsAt): string => {
  const count = (...whys: readonly LinkConflict['why'][]): number =>
    conflicts.filter(({ why }) => whys.includes(why)).length
  const [otherwise, strangers, others] = [count('taken', 'linked'), count('stranger'), count('other')]
  return [
    ...(otherwise === 0 ? [] : [`${counted(otherwise, 'account is', 'accounts are')} linked otherwise, and left so`]),
    ...(strangers === 0
      ? []
      : [`${counted(strangers, 'account has', 'accounts have')} a name that is somebody else’s at MAS: not linked`]),
    ...(others === 0
      ? []
      : [
          `the ${others === 1 ? 'owner' : 'owners'} of ${counted(others, 'account', 'accounts')} would come from ${product} as somebody else: not linked`,
        ]),
  ].join('; ')
}

const conflictWords = ({ mxid, why, by }: LinkConflict, { product }: LoginsAt): string => {
  switch (why) {
    case 'taken':
      return `${mxid} (its person of ${product} is linked to ${by})`
    case 'linked':
      return `${mxid} (linked to the subject ${by})`
    case 'stranger':
      return `${mxid} (MAS’s user ${by} was there before)`
    case 'other':
      return `${mxid} (comes from ${product} as ${by}, to whom somebody has linked it there)`
  }
}

/** Whether Synapse runs, which must not while its links are written. */
export const runningFindings = (connections: readonly string[]): readonly Finding[] =>
  checkActivity({ connections, transactions: 0 })
