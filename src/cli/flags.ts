import { Flags } from '@oclif/core'

/** How much is told on stderr, the least first. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

/** Flags of every command. Values that syn2op.yaml may hold too are checked where all origins meet, in src/config. */
export const baseFlags = {
  config: Flags.string({
    summary: 'Settings file; syn2op.yaml in this folder when there is one',
    helpValue: 'FILE',
    helpGroup: 'GLOBAL',
  }),
  report: Flags.string({
    summary: 'Write the result to a file too; may be repeated',
    helpValue: 'KIND=FILE',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'GLOBAL',
  }),
  pseudonymise: Flags.string({
    summary:
      'Put other names in the place of people’s in the result and its reports, by the key in FILE (made if need be)',
    helpValue: 'FILE',
    helpGroup: 'GLOBAL',
  }),
  accept: Flags.string({
    summary:
      'Acknowledge a warning by its code, or all-warnings; may be repeated. Instead of the list in the settings file',
    helpValue: 'CODE',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'GLOBAL',
  }),
  verbose: Flags.boolean({
    summary: 'Tell all of it: the notices too, whom each finding concerns, and why it matters',
    helpGroup: 'GLOBAL',
  }),
  yes: Flags.boolean({ summary: 'Answer every question with yes', helpGroup: 'GLOBAL' }),
  'no-input': Flags.boolean({ summary: 'Never ask: a missing answer is an error', helpGroup: 'GLOBAL' }),
  'log-level': Flags.option({
    options: LOG_LEVELS,
    default: 'info' as const,
    summary: 'How much to tell on stderr',
    helpGroup: 'GLOBAL',
  })(),
}

/** Where the people come from. */
export const sourceFlags = {
  'synapse-config': Flags.string({
    summary: 'homeserver.yaml; repeat it as often as Synapse is given --config-path',
    helpValue: 'FILE',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'SOURCE',
  }),
  'synapse-database': Flags.string({
    summary: "URL of Synapse's database, without a password, or sqlite:FILE; else as homeserver.yaml says",
    helpValue: 'URL',
    helpGroup: 'SOURCE',
  }),
}

/** Where they go to. */
export const targetFlags = {
  'target': Flags.string({
    summary:
      "mas, keycloak (both: repeat it), auth0, or somebody else's: ./FILE.js, a package, or the name of a plugin's target",
    helpValue: 'NAME',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'TARGET',
  }),
  'target-config': Flags.string({
    summary:
      "The target's own configuration (MAS: its config.yaml, Keycloak: keycloak.yaml, Auth0: auth0.yaml); may be repeated",
    helpValue: '[NAME=]FILE',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'TARGET',
  }),
  'target-database': Flags.string({
    summary: "URL of the target's database, of two MAS's, without a password; else as its configuration says",
    helpValue: 'URL',
    helpGroup: 'TARGET',
  }),
}

/** Of two targets that are filled together. */
export const twoTargetsFlags = {
  'auth-provider': Flags.string({
    summary: 'Of two targets: the provider of MAS that leads to Keycloak, by its ULID, where its issuer does not tell',
    helpValue: 'NAME',
    helpGroup: 'TARGET',
  }),
}

/** What there is to go back to. */
export const backupFlags = {
  backup: Flags.string({
    summary: 'The file or folder of a backup, or when it was made, ISO 8601',
    helpValue: 'FILE|TIME',
    helpGroup: 'TARGET',
  }),
}

/** By which rules. */
export const ruleFlags = {
  'mapping': Flags.string({
    summary: 'Rules file; of two targets one of each may be given',
    helpValue: '[NAME=]FILE',
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: 'RULES',
  }),
  'as-of': Flags.string({
    summary: 'The moment that stands for "now" in every decision, ISO 8601; else the start of the run',
    helpValue: 'TIME',
    helpGroup: 'RULES',
  }),
}

/** Which part of the accounts. */
export const cohortFlags = {
  cohort: Flags.string({
    summary: 'Only this cohort of the mapping; rest is whoever is in no other',
    helpValue: 'NAME',
    helpGroup: 'RULES',
  }),
}

/** How fast, how much, and when it is enough. */
export const paceFlags = {
  'limit': Flags.string({
    summary: 'At most so many accounts that something has to be done about; the others wait for the next run',
    helpValue: 'N',
    helpGroup: 'PACE',
  }),
  'max-rejected': Flags.string({
    summary: 'End early, with exit code 3, once the target has rejected more accounts than this',
    helpValue: 'N|N%',
    helpGroup: 'PACE',
  }),
  'max-rate': Flags.string({ summary: 'At most so many accounts a second', helpValue: 'N', helpGroup: 'PACE' }),
  'concurrency': Flags.string({
    summary: 'How many tables are copied, or batches worked on, at the same time (1 to 64; 2 unless you say)',
    helpValue: 'N',
    helpGroup: 'PACE',
  }),
}

/** Where runs keep their records. */
export const runsFlags = {
  'runs-dir': Flags.string({
    summary: 'Folder of the runs; ./syn2op-runs unless a setting says otherwise',
    helpValue: 'FOLDER',
    helpGroup: 'RUNS',
  }),
}
