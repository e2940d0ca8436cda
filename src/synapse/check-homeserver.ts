import { finding } from '../findings/catalogue.ts'
import type { Finding } from '../findings/finding.ts'
import { counted } from '../report/counted.ts'
import type { HomeserverConfig } from './homeserver.ts'
import { knownModule } from './known-modules.ts'

/** At most so many names in a sentence or among the samples. */
const SHOWN = 5

/** What of Synapse's configuration an administrator must know, whatever the target. Pure. */
export const checkHomeserver = (homeserver: HomeserverConfig): readonly Finding[] => [
  ...filesNotRead(homeserver),
  ...workers(homeserver),
  ...unknownModules(homeserver),
  ...settingsLeft(homeserver),
  ...toolsEnd(homeserver),
  ...delegatesAlready(homeserver),
]

const filesNotRead = ({ unreadable }: HomeserverConfig): readonly Finding[] =>
  unreadable.length === 0
    ? []
    : [
        finding('FILES_NOT_READ', {
          message: `${counted(unreadable.length, 'file that homeserver.yaml names was', 'files that homeserver.yaml names were')} not read: ${first(unreadable.map(({ file, why }) => `${file} (${why})`))}`,
          count: unreadable.length,
          samples: unreadable.slice(0, SHOWN).map(({ file }) => file),
          remedy: [
            'Copy the files to where syn2op runs, and name them as they are called there:',
            ...unreadable.slice(0, SHOWN).map(({ key, file }) => `${key}: ${file}`),
          ],
        }),
      ]

const workers = ({ workers: all }: HomeserverConfig): readonly Finding[] => {
  if (all.length === 0) return []
  const names = all.map(({ name }) => name)
  const elsewhere = all.filter(({ database }) => database !== undefined)
  return [
    finding('SYNAPSE_WORKERS', {
      message: `Synapse has ${counted(all.length, 'worker that has', 'workers that have')} to be stopped with it: ${first(names)}`,
      count: all.length,
      samples: names.slice(0, SHOWN),
      remedy: [`Stop the main process and ${names.join(', ')}, and whatever else the installation starts.`],
    }),
    ...elsewhere.map(({ name, file, database }) =>
      finding('SYNAPSE_WORKER_DATABASE', {
        message: `The worker ${name} has the database ${database}, and the main process another one`,
        samples: [name],
        remedy: [`See \`database\` in ${file}: it must lead to the same database as that of homeserver.yaml.`],
      }),
    ),
  ]
}

const unknownModules = ({ modules }: HomeserverConfig): readonly Finding[] => {
  const unknown = modules.filter((name) => knownModule(name) === undefined)
  if (unknown.length === 0) return []
  return [
    finding('SYNAPSE_UNKNOWN_MODULES', {
      message: `Whether ${counted(unknown.length, 'module of Synapse checks', 'modules of Synapse check')} passwords is not known: ${first(unknown)}`,
      count: unknown.length,
      samples: unknown.slice(0, SHOWN),
      remedy: ['Those that do: remove their entry from `modules` at the cut-over.'],
    }),
  ]
}

/** Which setting of MAS stands for one of Synapse's. */
const AT_MAS: Readonly<Record<string, string>> = {
  'registrations_require_3pid': 'account.password_registration_email_required',
  'password_config.policy': 'passwords.minimum_complexity',
  'email': 'email',
  'enable_registration_captcha': 'captcha',
}

const atMas = (path: string): string | undefined =>
  path.endsWith('.localpart_template')
    ? '`claims_imports.localpart.template` of the provider in the configuration of MAS, which has no filter `localpart_from_email`'
    : Object.hasOwn(AT_MAS, path)
      ? `\`${AT_MAS[path]}\` in the configuration of MAS`
      : undefined

const settingsLeft = ({ leftSettings }: HomeserverConfig): readonly Finding[] => {
  const left = leftSettings.filter((path) => atMas(path) !== undefined)
  if (left.length === 0) return []
  return [
    finding('SYNAPSE_SETTINGS_LEFT', {
      message: `${counted(left.length, 'setting of Synapse is not carried and has', 'settings of Synapse are not carried and have')} to be made at MAS anew: ${left.join(', ')}`,
      count: left.length,
      samples: left.slice(0, SHOWN),
      remedy: left.map((path) => `${path}: see ${atMas(path)}.`),
    }),
  ]
}

const toolsEnd = ({ leftSettings }: HomeserverConfig): readonly Finding[] => {
  const secrets = leftSettings.filter((path) => path.startsWith('registration_shared_secret'))
  if (secrets.length === 0) return []
  return [
    finding('SYNAPSE_TOOLS_END', {
      message: `\`register_new_matrix_user\` stops working with MAS, and with it what makes accounts by \`${secrets.join('`, `')}\``,
      samples: secrets,
      remedy: [
        'Instead: `mas-cli manage register-user NAME`, or the admin API of MAS.',
        'The same holds for scripts that use /_synapse/admin/v1/register, /reset_password, /users/…/login, /users/…/admin and /registration_tokens.',
      ],
    }),
  ]
}

const delegatesAlready = ({ delegation }: HomeserverConfig): readonly Finding[] =>
  delegation?.enabled === true
    ? [
        finding('SYNAPSE_DELEGATES_ALREADY', {
          message: `Synapse hands its logins to MAS already: \`matrix_authentication_service\` in ${delegation.at.file}:${delegation.at.line}`,
          remedy: ['Where the cut-over is still to come: `enabled: false`, or give the homeserver.yaml of before.'],
        }),
      ]
    : []

const first = (names: readonly string[]): string =>
  names.length <= SHOWN + 1 ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`
