import type { FindingEntry } from '../entry.ts'

/** Findings about an Auth0 tenant: what syn2op may do there, how fast, and what the tenant is told of it. */
export const AUTH0_TENANT_FINDINGS = {
  AUTH0_SCOPES: {
    severity: 'error',
    title: "syn2op's application lacks scopes at Auth0",
    why: 'A token that lacks a scope is refused in the middle of a run: without create:users nobody can be imported, without read:users nobody compared or proved, without update:users nobody changed, without delete:users nobody taken back.',
    remedy:
      'Grant them to the machine-to-machine application: Applications, APIs, Auth0 Management API, Machine to Machine Applications. A new token has them.',
    kind: 'operational',
    names: 'things',
  },
  AUTH0_PLAN_OTHER: {
    severity: 'notice',
    title: 'The tenant allows another number of requests than its plan',
    why: 'How fast syn2op asks, and how long the plan says that the night will take, follow from `plan` in auth0.yaml. Where the tenant allows less, everything takes longer; where it allows more, syn2op is slower than it might be.',
    remedy: 'Correct `plan` in auth0.yaml.',
    kind: 'operational',
    names: 'things',
  },
  AUTH0_IMPORT_MAILS: {
    severity: 'notice',
    title: "Auth0 does not mail the tenant's owners about each import",
    why: 'Auth0 sends every owner of the tenant a mail when an import job ends, and a migration takes many jobs: syn2op switches these mails off. People themselves are sent nothing by an import.',
    remedy: 'Nothing to do.',
    asks: false,
    kind: 'operational',
    names: 'things',
  },
  AUTH0_REGISTRATION_ACTIONS: {
    severity: 'warning',
    title: 'Actions of the tenant may run for everybody who is imported',
    why: 'Auth0 runs Actions of the trigger post-user-registration after a user is added to a database connection, and does not say that it spares those who are imported. Such an Action may send thousands of people a mail that welcomes them, or make customers of them in other systems.',
    remedy:
      'Take those that write to people or tell of them out of the trigger until everybody has been moved, or have them pass over whoever has app_metadata.syn2op.',
    kind: 'operational',
    names: 'things',
  },
  AUTH0_REGISTRATION_UNSEEN: {
    severity: 'notice',
    title: 'Nobody has seen whether Actions of the tenant run for everybody who is imported',
    why: 'Auth0 runs Actions of the trigger post-user-registration after a user is added to a database connection, and they may write to people. Without the scope read:actions syn2op does not see whether there are any.',
    remedy: 'Look under Actions, Triggers, Post User Registration, or grant read:actions for the check.',
    kind: 'operational',
    names: 'things',
  },
} as const satisfies Record<string, FindingEntry>
