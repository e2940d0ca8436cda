import { describeSettings } from '../postgres/settings.ts'
import { fileOfApi, type GivenDatabase, type InitFacts } from './facts.ts'
import { comment, oneOrMore, scalar } from './yaml-text.ts'

/** syn2op.yaml: where both ends are, and which rules count. Never a password. */
export const settingsText = (facts: InitFacts): string =>
  [
    comment(`Settings of syn2op for ${facts.homeserver.serverName}, written by \`syn2op init\`.`),
    comment('`syn2op config inspect` shows what syn2op makes of them; a flag wins over a line here.'),
    '',
    'synapse:',
    `  config: ${oneOrMore(facts.synapseConfig)}`,
    ...sourceDatabase(facts).map(indented),
    '',
    'target:',
    `  name: ${scalar(facts.target.name)}`,
    ...targetLines(facts).map(indented),
    '',
    'mapping: mapping.yaml',
    '',
    comment('A report of each command for others to read; every command writes it anew:'),
    comment('report:'),
    comment('  - html=report.html'),
    '',
    comment('On the night, the backup that was made before it: a file or folder, or its time.'),
    comment('backup: /var/backups/synapse.dump'),
    '',
    comment('Warnings about the data are acknowledged in mapping.yaml. Those of the moment, such as SYNAPSE_RUNNING,'),
    comment('only where you mean it, as in a rehearsal: --accept SYNAPSE_RUNNING'),
    '',
  ].join('\n')

const indented = (line: string): string => `  ${line}`

const sourceDatabase = ({ homeserver, synapseDatabase }: InitFacts): readonly string[] => {
  if (synapseDatabase !== undefined) return given(synapseDatabase)
  const { database, databases = [], sqlite } = homeserver
  if (sqlite !== undefined) return [comment(`The database is the SQLite file ${sqlite}, as homeserver.yaml says.`)]
  if (database === undefined) return []
  const ofSeveral = databases.length > 1 ? ` (${databases[0]?.name} of \`databases\`)` : ''
  return [
    comment(`The database is ${describeSettings(database)}${ofSeveral}, with the password that homeserver.yaml has.`),
    ...instead('a role that may only read, or a replica', 'synapse'),
  ]
}

const targetLines = ({ target, targetDatabase }: InitFacts): readonly string[] => [
  target.configFiles.length === 0
    ? comment(`config: ${usualConfig(target)}`)
    : `config: ${oneOrMore(target.configFiles)}`,
  ...(targetDatabase === undefined ? ownDatabase(target) : given(targetDatabase)),
]

const usualConfig = (target: InitFacts['target']): string =>
  target.name === 'mas' ? '/etc/mas/config.yaml' : (fileOfApi(target) ?? 'its own configuration, where it has one')

const ownDatabase = (target: InitFacts['target']): readonly string[] =>
  fileOfApi(target) === undefined ? [comment('Its database is the one that its configuration names.')] : []

const given = (database: GivenDatabase): readonly string[] => {
  if ('file' in database) return [`databaseFile: ${scalar(database.file)}`]
  if ('secretFrom' in database) {
    return [comment(`The database came with a password from ${database.secretFrom}; it must come from there again.`)]
  }
  return [
    `database: ${scalar(database.url)}`,
    comment('The password: ~/.pgpass, PGPASSWORD, or `databaseFile` instead, the name of a file with the whole URL.'),
  ]
}

const instead = (what: string, end: string): readonly string[] => [
  comment(`To read it as ${what}, name a file that holds one line, postgresql://ROLE:PASSWORD@HOST/DATABASE:`),
  comment(`databaseFile: ${end}-database.url`),
]
