import { readFile } from 'node:fs/promises'
import type { Located } from '../../../config/yaml/located.ts'
import { parseLocated } from '../../../config/yaml/parse-located.ts'
import { sectionOver } from '../../../config/yaml/section.ts'
import { type Problem, Syn2opError } from '../../../errors/syn2op-error.ts'
import type { PostgresSettings } from '../../../postgres/settings.ts'
import { readDatabase } from './database-section.ts'
import { readEncryptionKey } from './encryption-key.ts'
import type { MasConfig } from './mas-config.ts'
import { readMatrixSecret } from './matrix-secret.ts'
import { mergeAsMas } from './merge-files.ts'
import { readPasswords } from './passwords-section.ts'
import { readProviders } from './providers-section.ts'

/** What MAS takes for `matrix.homeserver` when nothing is said. */
const DEFAULT_HOMESERVER = 'localhost:8008'

export interface LoadMasConfigOptions {
  /** Takes the place of the `database` section, which is then not looked at. */
  readonly databaseUrl?: PostgresSettings
}

const readTexts = async (files: readonly string[]): Promise<readonly string[]> => {
  const outcomes = await Promise.allSettled(files.map((file) => readFile(file, 'utf8')))
  const problems: Problem[] = []
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') continue
    const code =
      outcome.reason instanceof Error && 'code' in outcome.reason ? String(outcome.reason.code) : 'unknown reason'
    problems.push({ message: `cannot be read (${code})`, at: { file: files[index] ?? '' } })
  }
  if (problems.length > 0) {
    throw new Syn2opError('config.unreadable', "MAS's configuration cannot be read.", {
      problems,
      next: ['Give the path of the config.yaml that MAS runs with to --target-config, as a user who may read it.'],
    })
  }
  return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : ''))
}

const parseFiles = (files: readonly string[], texts: readonly string[], problems: Problem[]): Located | undefined => {
  let merged: Located | undefined
  for (const [index, file] of files.entries()) {
    const parsed = parseLocated(texts[index] ?? '', file)
    problems.push(...parsed.problems)
    if (parsed.value) merged = merged ? mergeAsMas(merged, parsed.value) : parsed.value
  }
  return merged
}

/**
 * Reads MAS's configuration from its files, merged in their order as MAS merges them, together with the secret files
 * they name. Keys that syn2op does not need are not looked at: the files are MAS's.
 *
 * MAS also takes settings from variables MAS_… of its environment, underneath the files: a file wins over them, and
 * names with an underscore in them cannot be said there. They belong to the MAS process, which is not ours, and are not read.
 *
 * @throws Syn2opError `config.unreadable` when a file cannot be read; `config.invalid` with every problem at once.
 */
export const loadMasConfig = async (
  files: readonly string[],
  options: LoadMasConfigOptions = {},
): Promise<MasConfig> => {
  const problems: Problem[] = []
  const texts = await readTexts(files)
  const value = parseFiles(files, texts, problems)
  const invalid = (): Syn2opError =>
    new Syn2opError('config.invalid', "MAS's configuration is wrong.", {
      problems,
      next: [
        'Correct the lines named above and run the command again; `mas-cli config check` shows what MAS itself thinks.',
      ],
    })
  if (problems.length > 0) throw invalid()

  const root = sectionOver(value, '', problems)
  const passwords = await readPasswords(root.section('passwords'))
  const providers = readProviders(root.section('upstream_oauth2'))
  const encryptionKey = await readEncryptionKey(root.section('secrets'))
  const matrix = root.section('matrix')
  const homeserver = matrix.text('homeserver')?.value ?? DEFAULT_HOMESERVER
  const matrixSecret = await readMatrixSecret(matrix)
  const database = options.databaseUrl ?? (await readDatabase(root.section('database')))
  if (problems.length > 0 || !encryptionKey || !database) throw invalid()
  return {
    files,
    database,
    homeserver,
    ...(matrixSecret === undefined ? {} : { matrixSecret }),
    passwordsEnabled: passwords.enabled,
    passwordSchemes: passwords.schemes,
    providers,
    encryptionKey,
  }
}
