import type { Auth0Judged } from '../../../../../src/targets/auth0/check/judge-auth0.ts'
import type { EntraSeen } from '../../../../../src/targets/auth0/check/seen.ts'
import type { Case } from './case.ts'
import { configured, provided } from './sound-auth0.ts'

const AT_ENTRA = { authProvider: 'oidc-corporate', id: 'corporate', strategy: 'waad' } as const

const atEntra = (link: 'scim' | 'action', entra: EntraSeen): Auth0Judged => {
  const { config } = configured({ providers: [{ ...AT_ENTRA, link }] })
  return { ...provided({ strategy: 'waad', entra }), config }
}

export const ENTRA_CASES: readonly Case[] = [
  ...[
    [{ userIdAttribute: 'sub', isCommon: false }, /3 users .* goes by sub and not by the object id/] as const,
    [{ isCommon: false }, /does not say that it goes by the object id/] as const,
    [{ userIdAttribute: 'oid', isCommon: true }, /has the common endpoint/] as const,
  ].map(
    ([entra, says]): Case => ({
      code: 'AUTH0_PROVIDER_ENTRA_SCIM',
      when: `SCIM is to make people of Entra, and the connection has ${JSON.stringify(entra)}`,
      judged: atEntra('scim', entra),
      says,
      remedy: /User Object Identifier \(oid\).*\n.*another user_id.*\n.*link: action/,
      count: 3,
    }),
  ),
  {
    code: 'AUTH0_PROVIDER_ENTRA_SUBJECT',
    when: 'SCIM is to make people of Entra by their object ids, which Synapse may not have',
    judged: atEntra('scim', { userIdAttribute: 'oid', isCommon: false }),
    says: /by their object id: 3 links fit only where Synapse has their object ids/,
    remedy: /subject_claim: oid.*\n.*link: leave.*\n.*accept/,
    count: 3,
  },
]

/** Beside what is said of everybody who is linked later. */
export const ENTRA_ACTION_CASES: readonly Case[] = [
  {
    code: 'AUTH0_PROVIDER_ENTRA_SUBJECT',
    when: 'the Action is to find people of Entra by a sub, which may be that of another client',
    judged: atEntra('action', { userIdAttribute: 'sub', isCommon: false }),
    says: /by their sub: 3 links fit only where it has the same client at Entra as Synapse/,
    remedy: /object ids: have the connection go by/,
    count: 3,
  },
]
