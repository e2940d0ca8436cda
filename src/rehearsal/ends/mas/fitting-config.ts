import { createHash, randomBytes } from 'node:crypto'
import type { HomeserverConfig, SynapseProvider } from '../../../synapse/homeserver.ts'
import { uuidToUlid } from '../../../targets/mas/config/ulid.ts'
import type { MasYaml } from './own-config.ts'

/** Where nobody has said under which address a provider is. */
const NO_ISSUER = 'https://unknown.invalid/'

/** The same for the same provider each time, so that two rehearsals can be compared. */
const providerId = (serverName: string, authProvider: string): string => {
  const hex = createHash('sha256').update(`${serverName}\n${authProvider}`).digest('hex')
  return uuidToUlid(hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/u, '$1-$2-$3-$4-$5'))
}

/** What Synapse makes the subject of, in MAS's words; undefined: the claim `sub`, or something that cannot be said there. */
const subjectTemplate = (subject = ''): string | undefined => {
  if (subject.includes('{{')) return subject
  const claim = /^the claim ([A-Za-z_]\w*)$/u.exec(subject)?.[1]
  return claim === undefined ? undefined : `{{ user.${claim} }}`
}

const provider = (serverName: string, { authProvider, issuer, clientId, subject }: SynapseProvider): MasYaml => {
  const template = subjectTemplate(subject)
  return {
    id: providerId(serverName, authProvider),
    synapse_idp_id: authProvider,
    human_name: authProvider,
    issuer: issuer ?? NO_ISSUER,
    client_id: clientId ?? 'syn2op-rehearsal',
    // Nobody logs in by it here, and its secret is not asked for.
    token_endpoint_auth_method: 'none',
    scope: 'openid',
    ...(template === undefined ? {} : { claims_imports: { subject: { template } } }),
  }
}

/**
 * A configuration of MAS that fits a homeserver, as docs/how-to/synapse-to-mas.md has it, where nobody has written one yet. SAML and CAS
 * have no counterpart: the check says so.
 */
export const fittingConfig = ({
  serverName,
  pepper,
  passwordsEnabled,
  providers,
  delegation,
}: HomeserverConfig): MasYaml => ({
  matrix: {
    homeserver: serverName,
    secret: delegation?.secret ?? randomBytes(32).toString('hex'),
  },
  secrets: { encryption: randomBytes(32).toString('hex') },
  passwords:
    passwordsEnabled === false
      ? { enabled: false }
      : {
          enabled: true,
          schemes: [
            {
              version: 1,
              algorithm: 'bcrypt',
              unicode_normalization: true,
              ...(pepper === undefined || pepper === '' ? {} : { secret: pepper }),
            },
            { version: 2, algorithm: 'argon2id', unicode_normalization: true },
          ],
        },
  upstream_oauth2: {
    providers: providers.filter(({ kind }) => kind === 'oidc').map((each) => provider(serverName, each)),
  },
})
