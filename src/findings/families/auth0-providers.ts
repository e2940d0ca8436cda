import type { FindingEntry } from '../entry.ts'

/** Findings about the connections of Auth0 by which people of Synapse's SSO providers are to log in as themselves. */
export const AUTH0_PROVIDER_FINDINGS = {
  AUTH0_PROVIDER_NOT_NAMED: {
    severity: 'warning',
    title: 'An SSO provider that people use is not named',
    why: 'The links of people to it are left; who has no password either cannot log in.',
    remedy:
      'Name its connection under `identity_providers` in auth0.yaml, or say `leave` under `providers` in the mapping.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PROVIDER_UNKNOWN: {
    severity: 'error',
    title: 'The tenant has no connection for an SSO provider',
    why: 'The links of people would lead to a connection that is not there: nobody could log in by them.',
    remedy: 'Make the connection at Auth0, or correct its name under `identity_providers` in auth0.yaml.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PROVIDER_STRATEGY: {
    severity: 'error',
    title: 'A connection is of another strategy than auth0.yaml says',
    why: 'The user ids of its people begin with the strategy: links that are made with another one fit nobody.',
    remedy: 'Correct `strategy` under `identity_providers` in auth0.yaml.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PROVIDER_UNUSED: {
    severity: 'warning',
    title: 'No application uses the connection of an SSO provider',
    why: 'Nobody can log in by it.',
    remedy: 'Enable it for the applications of these people: Authentication, the connection, Applications.',
    kind: 'operational',
    names: 'things',
  },
  AUTH0_PROVIDER_LINKS_LATER: {
    severity: 'notice',
    title: 'SSO identities are linked at the first login',
    why: 'The Management API makes no user of such a connection beforehand. The identities are noted at the users, and a post-login Action links each when its owner first logs in by it; without that Action they would get a second, empty account.',
    remedy: 'Deploy the Action before the cut-over: `syn2op auth0 action`.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_ACTION_MISSING: {
    severity: 'warning',
    title: 'The Action that links SSO identities does not run',
    why: 'Whoever logs in by the provider before it does gets a second, empty account, and is linked to that one.',
    remedy:
      'Deploy the Action before the cut-over: `syn2op auth0 action`. Until people log in by Auth0 it can wait: accept it.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PROVIDER_NO_SCIM: {
    severity: 'error',
    title: 'A connection has no inbound SCIM',
    why: 'auth0.yaml has the users of this provider made by inbound SCIM (`link: scim`), which is not set up for the connection, or not part of the plan of the tenant.',
    remedy: '`syn2op auth0 prepare --apply` sets it up; or take `link: action`.',
    kind: 'operational',
    names: 'things',
  },
  AUTH0_PROVIDER_SCIM_SUBJECT: {
    severity: 'error',
    title: 'Inbound SCIM knows people by something else than their subject',
    why: 'Auth0 finds the user that SCIM has made by the attribute which its configuration names. Where that is not what syn2op writes the subject into, people get a second account at their first login.',
    remedy: 'Set the user id attribute of the SCIM configuration to `externalId`, or take `link: action`.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PROVIDER_ENTRA_SCIM: {
    severity: 'error',
    title: 'A connection of Microsoft Entra is not set up as inbound SCIM needs it',
    why: 'Of Entra inbound SCIM makes people by their object id. Where the connection takes another claim for the user id, or the common endpoint, nobody logs in as whom SCIM has made: they get a second account, and cannot use the first.',
    remedy:
      'Have the connection go by the User Object Identifier (oid), without the common endpoint; or take `link: action`.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PROVIDER_ENTRA_SUBJECT: {
    severity: 'warning',
    title: 'Synapse and Auth0 may know people of Microsoft Entra by different ids',
    why: 'Entra calls somebody by an object id, and by a `sub` that is another for every application. Synapse goes by the `sub` unless its configuration says otherwise; by which one Auth0 goes is a setting of the connection. Where they differ, the links fit nobody, and people get a second account at their first login.',
    remedy: 'See with one account that both are the same and accept it, or leave the identities of this provider.',
    kind: 'data',
    names: 'things',
  },
} as const satisfies Record<string, FindingEntry>
