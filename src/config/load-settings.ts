import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import { type Environment, environmentValues, misspeltVariables } from './environment-values.ts'
import { flagValues } from './flag-values.ts'
import type { GivenValue, GivenValues } from './given-value.ts'
import { resolveSettings } from './resolve-settings.ts'
import { rulesOf, SETTING_KEYS, type Settings } from './settings.ts'
import { parseSettingsFile, type SettingsFile } from './settings-file.ts'

export interface SettingsSources {
  /** Flags as parsed; those that are no settings are ignored. `config` names the settings file. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly env: Environment
  /** The working folder: flags and variables are relative to it, and syn2op.yaml is looked for in it. */
  readonly folder: string
  /** No settings file is read, whatever is there. */
  readonly file?: 'none'
}

const errnoOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error'

const NO_FILE: SettingsFile = { values: {}, secretFiles: {}, problems: [] }

const readSettingsFile = async ({ flags, env, folder, file: which }: SettingsSources): Promise<SettingsFile> => {
  if (which === 'none') return NO_FILE
  const asked = typeof flags['config'] === 'string' ? flags['config'] : env['SYN2OP_CONFIG'] || undefined
  const file = path.resolve(folder, asked ?? 'syn2op.yaml')
  try {
    return parseSettingsFile(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (asked === undefined && errnoOf(error) === 'ENOENT') return NO_FILE
    throw new Syn2opError('config.unreadable', `The settings file ${file} cannot be read (${errnoOf(error)})`, {
      cause: error,
    })
  }
}

/** The files that hold secrets, named by variables. */
const secretFilesOf = (env: Environment, folder: string): GivenValues => {
  const named: GivenValues = {}
  for (const key of SETTING_KEYS) {
    const { secret, environment } = rulesOf(key)
    const raw = env[`${environment}_FILE`]
    if (secret === true && raw !== undefined && raw !== '') named[key] = { raw, origin: `${environment}_FILE`, folder }
  }
  return named
}

/** Replaces the name of a file by its content, without the line break at its end. */
const readSecret = async (named: GivenValue, problems: Problem[]): Promise<GivenValue | undefined> => {
  const at = named.at === undefined ? {} : { at: named.at }
  if (typeof named.raw !== 'string') {
    problems.push({ message: `${named.origin} must name a file`, ...at })
    return undefined
  }
  const file = path.resolve(named.folder, named.raw)
  try {
    const raw = (await readFile(file, 'utf8')).trimEnd()
    return { ...named, raw, origin: `${named.origin} (${file})`, secretFile: file }
  } catch (error) {
    problems.push({ message: `${named.origin}: ${file} cannot be read (${errnoOf(error)})`, ...at })
    return undefined
  }
}

/** Adds the secrets that files hold to what an origin gave; a value and its file together contradict each other. */
const withSecrets = async (values: GivenValues, files: GivenValues, problems: Problem[]): Promise<GivenValues> => {
  const joined: GivenValues = { ...values }
  for (const key of SETTING_KEYS) {
    const named = files[key]
    if (named === undefined) continue
    const direct = values[key]
    if (direct !== undefined)
      problems.push({
        message: `${direct.origin} and ${named.origin} both give ${key}: keep one`,
        ...(named.at && { at: named.at }),
      })
    const read = await readSecret(named, problems)
    if (read !== undefined) joined[key] = read
  }
  return joined
}

/**
 * Reads syn2op.yaml and the files it and the environment name, and joins them with flags and environment.
 * @throws Syn2opError config.unreadable, config.invalid or usage.password-in-flag.
 */
export const loadSettings = async (sources: SettingsSources): Promise<Settings> => {
  const { flags, env, folder } = sources
  const given = flagValues(flags, folder)
  const file = await readSettingsFile(sources)
  const problems: Problem[] = [...file.problems, ...misspeltVariables(env)]
  return resolveSettings({
    flags: given,
    environment: await withSecrets(environmentValues(env, folder), secretFilesOf(env, folder), problems),
    file: await withSecrets(file.values, file.secretFiles, problems),
    problems,
    folder,
  })
}
