import type { Finding } from '../../../findings/finding.ts'
import type { SynapseProvider } from '../../../synapse/homeserver.ts'
import type { AdminApi } from '../../../targets/keycloak/api/admin-api.ts'
import { checkPasswords } from '../../../targets/keycloak/check/passwords.ts'
import { SERVER_INFO } from '../../../targets/keycloak/check/seen.ts'
import { readProviderJar } from '../../../targets/keycloak/provider/provider-jar.ts'
import type { Unproved } from '../throw-away-target.ts'

export interface UnprovedAt {
  /** What Keycloak is called, for people. */
  readonly what: string
  readonly api: AdminApi
  /** Synapse's; a secret. */
  readonly pepper: string | undefined
  readonly providers: readonly SynapseProvider[]
  readonly signal: AbortSignal
}

/** With these no password of Synapse is right at Keycloak. */
const NO_LOGIN: readonly Finding['code'][] = [
  'KEYCLOAK_PROVIDER_MISSING',
  'KEYCLOAK_PROVIDER_BROKEN',
  'KEYCLOAK_PEPPER',
]

/** What a rehearsal with this Keycloak cannot show. */
export const unprovedAt = async (at: UnprovedAt): Promise<readonly Unproved[]> => [
  ...(await logins(at)),
  {
    what: 'tokens',
    why: 'No old token was tried: none of them moves to Keycloak, they stay at Synapse, and no Synapse ran: --synapse-python FILE or --image synapse=IMAGE starts one',
  },
  {
    what: 'sso',
    why: 'Whether people get into their accounts at Synapse by way of Keycloak was not tried: for that Synapse is linked to it (syn2op link)',
  },
  ...(at.providers.length === 0
    ? []
    : [
        {
          what: 'sso' as const,
          why: 'Nobody was signed in by an identity provider: providers send people back to addresses that they know, and those of a throw-away realm are none',
        },
      ]),
]

const logins = async ({ what, api, pepper, signal }: UnprovedAt): Promise<readonly Unproved[]> => {
  const { body } = await api.send({ method: 'GET', path: '//admin/serverinfo', signal })
  const found = checkPasswords({
    server: SERVER_INFO.safeParse(body).data,
    providerVersion: (await readProviderJar()).version,
    pepper,
    count: undefined,
  }).find(({ code }) => NO_LOGIN.includes(code))
  return found === undefined
    ? []
    : [{ what: 'logins', why: `No password was tried at ${what}: ${found.message.replace(/\.$/u, '')}` }]
}
