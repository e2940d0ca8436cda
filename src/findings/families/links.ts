import type { FindingEntry } from '../entry.ts'

/** Findings of `syn2op link`, which joins accounts of Synapse or MAS with the people of a Keycloak, or an Auth0, that logs them in. */
export const LINK_FINDINGS = {
  LINK_PROVIDER_MISSING: {
    severity: 'error',
    title: 'No provider leads to where people are to log in',
    why: 'A link is known by the provider that people log in with. None of those that are configured has the realm, or the tenant, as its issuer.',
    remedy:
      'Add the provider to the configuration of Synapse or MAS, or name the one that leads there with --auth-provider.',
    kind: 'data',
    names: 'things',
  },
  LINK_PROVIDER_SEVERAL: {
    severity: 'error',
    title: 'Several providers lead to where people are to log in',
    why: 'A link counts for one provider only: by the others everybody would be a stranger.',
    remedy: 'Name the one that people will log in with: --auth-provider.',
    kind: 'data',
    names: 'things',
  },
  LINK_SUBJECT_OTHER: {
    severity: 'error',
    title: 'The provider does not know people by their id',
    why: 'Links are made of the claim sub, which is the user’s id at Keycloak or Auth0 and known before anybody logs in. A provider that takes another claim would find none of them, and make second accounts.',
    remedy: 'Let the provider take the claim sub, which is also the default.',
    kind: 'data',
    names: 'things',
  },
  LINK_EXISTING_USERS: {
    severity: 'warning',
    title: 'Strangers get accounts by their names',
    why: 'Whoever has no link, and at Keycloak or Auth0 the name of an account here, is logged in to that account. With links nobody needs that, and whoever may choose a name there could take somebody’s account.',
    remedy: 'Switch it off once the links are written.',
    kind: 'data',
    names: 'things',
  },
  LINK_CONFLICTS: {
    severity: 'warning',
    title: 'Accounts that are linked otherwise, or somebody else’s',
    why: 'The account is linked to somebody else at this provider, or this person of Keycloak or Auth0 to another account, or its owner was linked at Auth0 to a user of somebody else’s and comes as that one, or MAS has somebody else under the name of the account. Nothing of that is overwritten, and nobody gets the account of somebody else.',
    remedy:
      'Look whose they are. Remove the link that is wrong, and link again. Where somebody of the same name is the same person: conflicts.username: adopt in the mapping of MAS.',
    kind: 'data',
  },
  LINK_LOGINS_HIDDEN: {
    severity: 'warning',
    title: 'Nobody can say who has logged in by these links',
    why: 'Links that people use stay when the others are taken back: without them they would get second accounts. The role may not read the table that names who has logged in.',
    remedy: 'Let the role read that table. Accept it only where nobody has logged in by these links yet.',
    kind: 'operational',
    names: 'things',
  },
  LINK_NOT_AT_KEYCLOAK: {
    severity: 'warning',
    title: 'Accounts that are not where people are to log in',
    why: 'No run in the folder of the runs has brought them to Keycloak, or Auth0, or it has rejected them, somebody else is in their way there, or has no username for them. A link to nobody is harmless, and useless. Where MAS takes them all the same, their devices and sessions live on there, and their owners have no way to log in anew.',
    remedy:
      'Mend what is in their way, migrate them, and link again: links that are there stay. To link them beforehand all the same: --everybody.',
    kind: 'data',
  },
  LINK_USERS_MISSING: {
    severity: 'warning',
    title: 'Accounts that MAS does not have',
    why: 'There is nobody at MAS whom a link could lead to.',
    remedy: 'Bring them to MAS first, and link again: links that are there stay.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
