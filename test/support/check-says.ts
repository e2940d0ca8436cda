import { appendFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { writeDemoConfigs } from '../../src/rehearsal/demo/configs.ts'
import { DEMO, DEMO_PROVIDERS } from '../../src/rehearsal/demo/constants.ts'
import { type ProgramEnd, runBuiltProgram } from './built-program.ts'
import { AS_OF, type DemoRoad, makeDemoRoad } from './demo-road.ts'
import type { TestPostgres } from './postgres.ts'

/** What no output may hold, whatever went wrong. */
export const SECRETS = {
  source: 'source-password-9f1e',
  target: 'target-password-7c2d',
  wrong: 'wrong-password-55aa',
  pepper: DEMO.pepper,
  encryption: DEMO.masEncryption,
} as const

type Yaml = Record<string, unknown>

/** The road of an administrator: a role that reads Synapse's tables, a role that owns MAS's, and their configurations. */
export interface CheckRoad extends DemoRoad {
  readonly sourceRole: string
  readonly targetRole: string
  /** An empty MAS again, owned by the target's role. */
  freshMas(): Promise<void>
  /** Writes a file into the folder, with its path. */
  write(name: string, text: string): Promise<string>
  /** A copy of homeserver.yaml or MAS's configuration with something changed; its path. */
  changed(which: 'homeserver' | 'mas', change: (document: Yaml) => void): Promise<string>
}

export const makeCheckRoad = async (postgres: TestPostgres, name: string): Promise<CheckRoad> => {
  const road = await makeDemoRoad(postgres, { name, accounts: 400, damage: 'none' })
  const sourceRole = `${name}_reader`
  const targetRole = `${name}_owner`
  await postgres.execute(
    'postgres',
    `DROP ROLE IF EXISTS ${sourceRole}`,
    `DROP ROLE IF EXISTS ${targetRole}`,
    `CREATE ROLE ${sourceRole} LOGIN PASSWORD '${SECRETS.source}'`,
    `CREATE ROLE ${targetRole} LOGIN PASSWORD '${SECRETS.target}'`,
  )
  await postgres.execute(road.synapse, `GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${sourceRole}`)
  const freshMas = async (): Promise<void> => {
    await road.emptyMas()
    await postgres.execute(
      road.mas,
      `DO $$ DECLARE one regclass; BEGIN
         FOR one IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
           EXECUTE format('ALTER TABLE %s OWNER TO ${targetRole}', one);
         END LOOP;
       END $$`,
      `GRANT CREATE ON DATABASE ${road.mas} TO ${targetRole}`,
      `GRANT CREATE ON SCHEMA public TO ${targetRole}`,
    )
  }
  await freshMas()
  const files = await writeDemoConfigs(road.folder, {
    synapse: { ...postgres.settings(road.synapse), user: sourceRole, password: SECRETS.source },
    mas: { ...postgres.settings(road.mas), user: targetRole, password: SECRETS.target },
  })
  const write = async (file: string, text: string): Promise<string> => {
    await writeFile(join(road.folder, file), text)
    return join(road.folder, file)
  }
  return {
    ...road,
    files,
    sourceRole,
    targetRole,
    freshMas,
    write,
    changed: async (which, change) => {
      const document: Yaml = parse(await readFile(files[which], 'utf8'))
      change(document)
      return write(`${which}-changed.yaml`, stringify(document))
    },
    remove: async () => {
      await road.remove()
      await postgres.execute('postgres', `DROP ROLE ${sourceRole}`, `DROP ROLE ${targetRole}`)
    },
  }
}

export interface CheckFiles {
  readonly homeserver?: string
  readonly mas?: string
}

export interface Said extends ProgramEnd {
  /** Both streams, with every break and indent as one space. */
  readonly words: string
}

/** Runs a command on the road. With SYN2OP_TEST_TRANSCRIPT=FILE what it says is added to that file. */
export const say = async (
  road: CheckRoad,
  what: string,
  args: readonly string[],
  { homeserver = road.files.homeserver, mas = road.files.mas }: CheckFiles = {},
): Promise<Said> => {
  const [command = 'check', ...others] = args
  const end = await runBuiltProgram(
    [command, '--synapse-config', homeserver, '--target-config', mas, '--as-of', AS_OF, ...others],
    { folder: road.folder },
  )
  const transcript = process.env['SYN2OP_TEST_TRANSCRIPT']
  if (transcript !== undefined) {
    const head = `${'='.repeat(100)}\n${what}\n$ syn2op ${args.join(' ')}\n`
    await appendFile(transcript, `${head}${end.stdout}${end.stderr}→ exit ${end.code}\n\n`)
  }
  return { ...end, words: `${end.stdout} ${end.stderr}`.replaceAll(/\s+/g, ' ') }
}

/** What is wrong with how it said it: secrets, stack traces, errors that nobody foresaw. */
export const faultsOfSpeech = ({ words, stdout, stderr }: Said): readonly string[] => [
  ...Object.entries(SECRETS).flatMap(([name, secret]) => (words.includes(secret) ? [`tells a secret: ${name}`] : [])),
  ...(/^\s+at .*[:(]\d+/m.test(`${stdout}\n${stderr}`) ? ['shows a stack'] : []),
  ...(words.includes('(internal)') ? ['is an error that nobody foresaw'] : []),
]

export const [, GITHUB] = DEMO_PROVIDERS
