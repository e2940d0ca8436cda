import { finding } from '../../../findings/catalogue.ts'
import type { Finding } from '../../../findings/finding.ts'
import type { HomeserverConfig } from '../../../synapse/homeserver.ts'
import { bcryptScheme, secretEquals } from '../bcrypt-scheme.ts'
import type { MasConfig, MasPasswordScheme } from '../config/mas-config.ts'

export interface PasswordCheck {
  readonly config: Pick<MasConfig, 'passwordSchemes' | 'passwordsEnabled'>
  readonly homeserver: Pick<HomeserverConfig, 'passwordsEnabled' | 'passwordLocalDatabase' | 'delegation'>
  /** Synapse's; a secret. */
  readonly pepper?: string | undefined
  /** How many password hashes are to be carried; undefined when nobody counted. */
  readonly count?: number | undefined
}

const counted = (count: number | undefined): { readonly count?: number } => (count === undefined ? {} : { count })

const endsWithLineBreak = ({ secret }: MasPasswordScheme, pepper: string | undefined): boolean => {
  if (!secret || pepper === undefined) return false
  const text = new TextDecoder().decode(secret)
  return text !== pepper && text.replace(/\r?\n$/, '') === pepper
}

const pepperFinding = (scheme: MasPasswordScheme, { pepper, count }: PasswordCheck): Finding => {
  const named = `the bcrypt scheme with version ${scheme.version}`
  const report = (message: string, remedy: string): Finding =>
    finding('MAS_PEPPER', { message, remedy: [remedy], ...counted(count) })
  const hasSecret = (scheme.secret?.length ?? 0) > 0
  if (!hasSecret) {
    return report(
      `Synapse has a pepper, but ${named} of MAS has no secret.`,
      `Give ${named} as \`secret\` the value of \`password_config.pepper\` in homeserver.yaml.`,
    )
  }
  if ((pepper ?? '') === '') {
    return report(
      `Synapse has no pepper, but ${named} of MAS has a secret.`,
      `Remove \`secret\` (or \`secret_file\`) from ${named}.`,
    )
  }
  if (endsWithLineBreak(scheme, pepper)) {
    return report(
      `The secret of ${named} of MAS is Synapse's pepper with a line break after it.`,
      'Remove the line break: MAS takes a `secret_file` byte for byte (`printf %s` writes none).',
    )
  }
  return report(
    `Synapse's pepper and the secret of ${named} of MAS differ.`,
    `Give ${named} as \`secret\` the value of \`password_config.pepper\` in homeserver.yaml.`,
  )
}

const withoutScheme = ({ config, count }: PasswordCheck): readonly Finding[] => {
  if (!config.passwordsEnabled) return []
  const versions = config.passwordSchemes.map(({ version }) => version)
  const free = versions.includes(1) ? Math.max(...versions) + 1 : 1
  return [
    finding('MAS_NO_BCRYPT_SCHEME', {
      message: "MAS has no bcrypt scheme, so nobody's password would be accepted.",
      remedy: [
        `Add to \`passwords.schemes\`: {version: ${free}, algorithm: bcrypt, unicode_normalization: true, secret: <Synapse's pepper, if it has one>}`,
        'Keep another scheme, such as argon2id, at the highest version, so that new passwords are hashed with it.',
      ],
      ...counted(count),
    }),
  ]
}

const newestScheme = ({ config }: PasswordCheck): readonly Finding[] => {
  const [newest] = config.passwordSchemes.toSorted((one, other) => other.version - one.version)
  if (newest === undefined || newest.algorithm === 'bcrypt' || newest.unicodeNormalization) return []
  return [
    finding('MAS_NEWEST_SCHEME_UNNORMALISED', {
      message: `The newest password scheme of MAS, ${newest.algorithm} with version ${newest.version}, lacks \`unicode_normalization: true\`.`,
      remedy: [`Add \`unicode_normalization: true\` to the scheme with version ${newest.version}.`],
    }),
  ]
}

/** Whether these hashes let somebody in today. Where MAS has the logins already, nothing says whether they did before. */
const countToday = ({ homeserver }: PasswordCheck): boolean =>
  homeserver.delegation?.enabled === true || (homeserver.passwordsEnabled === true && homeserver.passwordLocalDatabase)

/** What of Synapse's passwords MAS could not verify after the migration. Silent when there are none. */
export const checkPasswords = (check: PasswordCheck): readonly Finding[] => {
  const { config, pepper, count } = check
  if (count === 0) return []
  const findings: Finding[] = []
  if (!config.passwordsEnabled && countToday(check)) {
    findings.push(
      finding('MAS_PASSWORDS_DISABLED', {
        message: '`passwords.enabled` is false in MAS: nobody can log in with a password after the migration.',
        remedy: [
          "Set `passwords.enabled: true` in MAS's configuration, or accept it with --accept MAS_PASSWORDS_DISABLED.",
        ],
        ...counted(count),
      }),
    )
  }
  const scheme = bcryptScheme(config, pepper)
  if (!scheme) return [...findings, ...withoutScheme(check)]
  if (!secretEquals(scheme, pepper)) findings.push(pepperFinding(scheme, check))
  if (!scheme.unicodeNormalization) {
    findings.push(
      finding('MAS_UNICODE_NORMALIZATION', {
        message: `The bcrypt scheme with version ${scheme.version} of MAS lacks \`unicode_normalization: true\`: passwords with other than ASCII characters would be refused.`,
        remedy: [`Add \`unicode_normalization: true\` to the bcrypt scheme with version ${scheme.version}.`],
        ...counted(count),
      }),
    )
  }
  return [...findings, ...newestScheme(check)]
}
