import type { FindingEntry } from '../entry.ts'

/** Findings about Synapse's configuration by itself, whatever the target. */
export const SYNAPSE_SETTINGS_FINDINGS = {
  FILES_NOT_READ: {
    severity: 'notice',
    title: 'Files that homeserver.yaml names are not here',
    why: 'What they say is not known: without the registration of an application service, its namespaces, its bot and whether it needs a login. Where the mapping goes by them (`registrations`, `accounts.bots: hold_back`) nothing is decided; else the migration does not depend on them.',
    remedy:
      'Copy them beside homeserver.yaml and name them there by a relative path, or run syn2op where Synapse runs.',
    kind: 'data',
    names: 'things',
  },
  SYNAPSE_WORKERS: {
    severity: 'notice',
    title: 'Synapse has workers',
    why: 'Workers that run on while the main process is stopped go on writing: logins, devices and tokens that come after the copy are lost.',
    remedy: 'Stop all of them for the migration, and start all of them afterwards.',
    kind: 'operational',
    names: 'things',
  },
  SYNAPSE_WORKER_DATABASE: {
    severity: 'notice',
    title: 'A worker has another database than the main process',
    why: 'That is right where it is another way to the same one, such as a pooler. Were it another database, what stands in it would not be read.',
    remedy: 'Make sure that both are the same database; the main process’s is the one that is read.',
    kind: 'data',
    names: 'things',
  },
  SYNAPSE_UNKNOWN_MODULES: {
    severity: 'notice',
    title: 'Modules of Synapse of which nothing is known here',
    why: 'With MAS, Synapse does not start with a module that checks passwords. Whether these do, only their documentation says.',
    remedy:
      'Look into their documentation for `auth_checkers` or `password_auth_provider`; remove those that have them at the cut-over.',
    kind: 'data',
    names: 'things',
    targets: ['mas'],
  },
  SYNAPSE_SETTINGS_LEFT: {
    severity: 'notice',
    title: 'Settings of Synapse that MAS needs again',
    why: 'MAS decides who registers and which passwords are good enough, and sends the mail for it. It has settings of its own for that; those of Synapse count no longer there.',
    remedy: 'Set them in the configuration of MAS before the cut-over, as far as they are wanted.',
    kind: 'data',
    names: 'things',
    targets: ['mas'],
  },
  SYNAPSE_TOOLS_END: {
    severity: 'notice',
    title: 'Tools and admin APIs of Synapse that end',
    why: 'With MAS, Synapse no longer answers the part of its admin API that makes accounts, resets passwords, logs in as somebody and hands out registration tokens. The configuration shows that accounts are made so.',
    remedy:
      'Change scripts and bots to `mas-cli manage register-user`, `mas-cli manage set-password` or the admin API of MAS.',
    kind: 'data',
    names: 'things',
    targets: ['mas'],
  },
  SYNAPSE_DELEGATES_ALREADY: {
    severity: 'notice',
    title: 'Synapse has handed its logins to MAS already',
    why: 'With `matrix_authentication_service` on, passwords and sessions in Synapse’s database are those of before; what people did since is in MAS alone.',
    remedy: 'Right where accounts are brought over late; else give the homeserver.yaml of before the cut-over.',
    kind: 'data',
    names: 'things',
    targets: ['mas'],
  },
} as const satisfies Record<string, FindingEntry>
