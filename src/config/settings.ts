import type { ValueKind, ValueOf } from './value-kinds.ts'
import type { Place } from './yaml/located.ts'

/** A setting: what it is for, and the names under which the three origins know it. */
interface SettingRules {
  readonly kind: ValueKind
  readonly summary: string
  /** Absent: no flag gives it, since a process list would keep it. */
  readonly flag?: string
  readonly environment: string
  /**
   * May hold a password: refused in a flag then, redacted whenever shown, and `<key>File` in syn2op.yaml or
   * `<environment>_FILE` may name a file that holds the value.
   */
  readonly secret?: true
  /** The value when nobody gives one. */
  readonly default?: string
}

/** Every setting by its dotted key in syn2op.yaml. The flags, the file's JSON Schema and the reference follow this list. */
export const SETTINGS = {
  'synapse.config': {
    kind: 'paths',
    summary: 'homeserver.yaml, or several files in the order in which Synapse is given them',
    flag: 'synapse-config',
    environment: 'SYN2OP_SYNAPSE_CONFIG',
  },
  'synapse.database': {
    kind: 'source',
    summary: "URL of Synapse's database, or sqlite:FILE; when absent, as homeserver.yaml says",
    flag: 'synapse-database',
    environment: 'SYN2OP_SYNAPSE_DATABASE',
    secret: true,
  },
  'target.name': {
    kind: 'targets',
    summary:
      "mas, keycloak, both in a list, auth0, or somebody else's: a file such as ./target.js, the name of a package, or of a plugin's target",
    flag: 'target',
    environment: 'SYN2OP_TARGET',
    default: 'mas',
  },
  'target.config': {
    kind: 'filesOfTargets',
    summary:
      "The target's own configuration; for MAS its config.yaml, or several files in MAS's order. Of two targets each as NAME=FILE",
    flag: 'target-config',
    environment: 'SYN2OP_TARGET_CONFIG',
  },
  'target.database': {
    kind: 'database',
    summary: "URL of the target's database, of two MAS's; when absent, as the target's configuration says",
    flag: 'target-database',
    environment: 'SYN2OP_TARGET_DATABASE',
    secret: true,
  },
  'link.config': {
    kind: 'paths',
    summary:
      'config.yaml of the MAS that Keycloak logs people in to, or several files in MAS’s order; for link --to mas',
    flag: 'link-config',
    environment: 'SYN2OP_LINK_CONFIG',
  },
  'link.database': {
    kind: 'database',
    summary:
      'URL of the database that links are written to, with a role that may; when absent, as the configuration of Synapse or MAS says',
    flag: 'link-database',
    environment: 'SYN2OP_LINK_DATABASE',
    secret: true,
  },
  'mapping': {
    kind: 'filesOfTargets',
    summary: 'Rules file; of two targets each as NAME=FILE',
    flag: 'mapping',
    environment: 'SYN2OP_MAPPING',
  },
  'plan': {
    kind: 'path',
    summary: 'The plan that a run is bound to; for migrate',
    flag: 'plan',
    environment: 'SYN2OP_PLAN',
  },
  'cohort': {
    kind: 'name',
    summary: 'The cohort of the mapping that is looked at; when absent, everybody',
    flag: 'cohort',
    environment: 'SYN2OP_COHORT',
  },
  'asOf': {
    kind: 'time',
    summary: 'The moment that stands for "now" in every decision (ISO 8601 with a time zone); when absent, the start',
    flag: 'as-of',
    environment: 'SYN2OP_AS_OF',
  },
  'accept': {
    kind: 'codes',
    summary: 'Codes of warnings that are acknowledged, or all-warnings',
    flag: 'accept',
    environment: 'SYN2OP_ACCEPT',
  },
  'backup': {
    kind: 'backup',
    summary: 'The file or folder of a backup, or when it was made (ISO 8601 with a time zone)',
    flag: 'backup',
    environment: 'SYN2OP_BACKUP',
  },
  'report': {
    kind: 'reports',
    summary: 'Files to write the result to, each as KIND=FILE',
    flag: 'report',
    environment: 'SYN2OP_REPORT',
  },
  'pseudonymise': {
    kind: 'path',
    summary: 'Puts other names in the place of people’s in results and their reports, by the key in this file',
    flag: 'pseudonymise',
    environment: 'SYN2OP_PSEUDONYMISE',
  },
  'runs': {
    kind: 'path',
    summary: 'Folder of the runs: each run that writes keeps its record in one of its own',
    flag: 'runs-dir',
    environment: 'SYN2OP_RUNS',
    default: 'syn2op-runs',
  },
  'concurrency': {
    kind: 'count',
    summary: 'How many tables are copied, or batches of accounts worked on, at the same time (1 to 64)',
    flag: 'concurrency',
    environment: 'SYN2OP_CONCURRENCY',
  },
  'limit': {
    kind: 'number',
    summary: 'At most so many accounts that something has to be done about; the others wait for the next run',
    flag: 'limit',
    environment: 'SYN2OP_LIMIT',
  },
  'maxRate': {
    kind: 'rate',
    summary: 'At most so many accounts a second',
    flag: 'max-rate',
    environment: 'SYN2OP_MAX_RATE',
  },
  'maxRejected': {
    kind: 'share',
    summary: 'End early once the target has rejected more accounts than this: a number, or a share such as 5%',
    flag: 'max-rejected',
    environment: 'SYN2OP_MAX_REJECTED',
  },
  'rehearsal.require': {
    kind: 'backend',
    summary: 'Only by containers, or only by programs of this machine (local); when absent, the first that works',
    flag: 'require',
    environment: 'SYN2OP_REHEARSAL_REQUIRE',
  },
  'rehearsal.postgres': {
    kind: 'database',
    summary: 'URL of a PostgreSQL server on which databases may be made for a rehearsal, and dropped',
    flag: 'rehearsal-postgres',
    environment: 'SYN2OP_REHEARSAL_POSTGRES',
    secret: true,
  },
  'rehearsal.keycloak': {
    kind: 'name',
    summary: 'URL of a Keycloak in which a realm may be made for a rehearsal, and deleted',
    flag: 'rehearsal-keycloak',
    environment: 'SYN2OP_REHEARSAL_KEYCLOAK',
  },
  'rehearsal.keycloakUser': {
    kind: 'name',
    summary: 'Its administrator, who may make realms',
    flag: 'rehearsal-keycloak-user',
    environment: 'SYN2OP_REHEARSAL_KEYCLOAK_USER',
  },
  'rehearsal.keycloakPassword': {
    kind: 'name',
    summary: 'The password of its administrator',
    environment: 'SYN2OP_REHEARSAL_KEYCLOAK_PASSWORD',
    secret: true,
  },
  'rehearsal.keycloakHome': {
    kind: 'path',
    summary: 'Folder of a Keycloak distribution that a rehearsal may run',
    flag: 'keycloak-home',
    environment: 'SYN2OP_REHEARSAL_KEYCLOAK_HOME',
  },
  'rehearsal.masCli': {
    kind: 'path',
    summary: 'The program mas-cli, for a rehearsal with a MAS that runs',
    flag: 'mas-cli',
    environment: 'SYN2OP_REHEARSAL_MAS_CLI',
  },
  'rehearsal.synapsePython': {
    kind: 'path',
    summary: 'The program of a Python that has matrix-synapse[postgres], for a rehearsal with a Synapse that runs',
    flag: 'synapse-python',
    environment: 'SYN2OP_REHEARSAL_SYNAPSE_PYTHON',
  },
  'rehearsal.images': {
    kind: 'codes',
    summary: 'Images of the containers of a rehearsal, each as SERVICE=IMAGE (postgres, keycloak, mas, synapse)',
    flag: 'image',
    environment: 'SYN2OP_REHEARSAL_IMAGES',
  },
  'rehearsal.registry': {
    kind: 'name',
    summary: 'Registry, with a path or without, from which the usual images are taken',
    flag: 'registry',
    environment: 'SYN2OP_REHEARSAL_REGISTRY',
  },
  'rehearsal.pull': {
    kind: 'pull',
    summary: 'When images are pulled: missing (unless you say), always or never',
    flag: 'pull',
    environment: 'SYN2OP_REHEARSAL_PULL',
  },
} as const satisfies Readonly<Record<string, SettingRules>>

export type SettingKey = keyof typeof SETTINGS

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[]

/** The rules of a setting, seen without its particular type. */
export const rulesOf = (key: SettingKey): SettingRules => SETTINGS[key]

/** A value and whence it came, for messages: `--mapping`, `SYN2OP_MAPPING`, `/etc/syn2op.yaml:7` or `default`. */
export interface Setting<Value> {
  readonly value: Value
  readonly origin: string
  /** Where it stands, when it stands in a settings file. */
  readonly at?: Place
  /** The file that holds it, of a secret that has one of its own; then `at` is where that file is named. */
  readonly secretFile?: string
}

/** All settings, parsed; one that nobody gave is absent. */
export type Settings = {
  readonly [Key in SettingKey]?: Setting<ValueOf[(typeof SETTINGS)[Key]['kind']]>
}
