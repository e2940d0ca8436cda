import { access, mkdir, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { Syn2opError } from '../errors/syn2op-error.ts'
import { openWarnings, verdictOf } from '../findings/accept.ts'
import { causeOf, writeWhole } from '../report/write-whole.ts'
import type { InitFacts, Unseen } from './facts.ts'
import { gatherFacts, type InitEnds } from './gather.ts'
import { keepEdited } from './keep-edited.ts'
import { mappingText } from './mapping-text.ts'
import { settingsText } from './settings-text.ts'

/** What `init` wrote, and what it saw. */
export interface InitDocument {
  readonly serverName: string
  /** Absolute paths. */
  readonly files: { readonly settings: string; readonly mapping: string }
  /** Absolute paths of copies: what the files held before, where that was something else. */
  readonly kept: readonly string[]
  /** Absent where the database could not be looked at. */
  readonly accounts?: number
  readonly people?: number
  readonly unseen: readonly Unseen[]
  /** How many of each are open; absent where nobody could check. */
  readonly findings?: { readonly errors: number; readonly warnings: number }
  /** Whether all was given that the files are made of; else `init` is to write them once more. */
  readonly isWhole: boolean
  /** Commands to type next, in order. */
  readonly next: readonly string[]
}

const SETTINGS = 'syn2op.yaml'
const MAPPING = 'mapping.yaml'

/** @throws Syn2opError usage where one of the files is there. */
export const refuseOverwriting = async (out: string): Promise<void> => {
  const there: string[] = []
  for (const name of [SETTINGS, MAPPING]) {
    const file = resolve(out, name)
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    if (isThere) there.push(file)
  }
  if (there.length === 0) return
  throw new Syn2opError('usage', 'Nothing was written: files are there already', {
    problems: there.map((file) => ({ message: 'is there already', at: { file } })),
    next: ['Into another folder: --out FOLDER', 'Over them, with a copy of what they hold now (.bak): --force'],
  })
}

/** Looks, and writes the two files. */
export const init = async (ends: InitEnds, out: string): Promise<InitDocument> => {
  const files = { settings: resolve(out, SETTINGS), mapping: resolve(out, MAPPING) }
  await keepPasswords(ends, files.settings)
  const facts = await gatherFacts(ends)
  const kept = await write(out, { [files.settings]: settingsText(facts), [files.mapping]: mappingText(facts) })
  const { source, findings } = facts
  return {
    serverName: facts.homeserver.serverName,
    files,
    kept,
    ...(source === undefined ? {} : { accounts: source.accounts, people: source.people }),
    unseen: facts.unseen,
    ...(findings === undefined ? {} : { findings: openOnes(findings) }),
    isWhole: isWhole(facts),
    next: nextSteps(facts, files.settings),
  }
}

/** @throws Syn2opError usage where the only place of a password is the file that would be written over. */
const keepPasswords = async ({ synapseDatabase, targetDatabase }: InitEnds, settings: string): Promise<void> => {
  const written = await realFile(settings)
  const lost: string[] = []
  for (const [end, given] of Object.entries({ synapse: synapseDatabase, target: targetDatabase })) {
    if (given === undefined || !('secretFrom' in given)) continue
    const { settingsFile: file } = given
    if (file !== undefined && (await realFile(file)) === written) lost.push(end)
  }
  if (lost.length === 0) return
  throw new Syn2opError('usage', `Nothing was written: ${settings} holds a password, which would be lost`, {
    next: lost.map((end) => `Move the URL into a file of its own, and name that as \`${end}.databaseFile\`.`),
  })
}

/** Where the file lies that this path leads to, whatever links are on the way. */
const realFile = (path: string): Promise<string> => realpath(path).catch(() => resolve(path))

const openOnes = (
  findings: NonNullable<InitFacts['findings']>,
): { readonly errors: number; readonly warnings: number } => ({
  errors: findings.filter(({ severity }) => severity === 'error').length,
  warnings: openWarnings(findings).length,
})

/** Returns the copies that were made of what was there. */
const write = async (out: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  try {
    await mkdir(out, { recursive: true })
    const kept: string[] = []
    for (const [file, text] of Object.entries(files)) {
      const copy = await keepEdited(file, text)
      if (copy !== undefined) kept.push(copy)
      await writeWhole(file, text)
    }
    return kept
  } catch (error) {
    const why = causeOf(error)
    if (why === undefined) throw error
    throw new Syn2opError('usage', `The files cannot be written into ${resolve(out)}: ${why}`, {
      cause: error,
      next: ['Name a folder that this user may write to: --out FOLDER'],
    })
  }
}

const isWhole = ({ target }: InitFacts): boolean => target.name !== 'mas' || target.configFiles.length > 0

const nextSteps = (facts: InitFacts, settings: string): readonly string[] => {
  const isHere = settings === join(process.cwd(), SETTINGS)
  const config = isHere ? '' : ` --config ${settings}`
  if (!isWhole(facts)) {
    const out = isHere ? '' : ` --out ${dirname(settings)}`
    return [`syn2op init --force${config}${out} --target-config /etc/mas/config.yaml`]
  }
  const { findings } = facts
  const isImpossible = findings !== undefined && verdictOf(findings) === 'errors'
  return [`syn2op check${config}`, ...(isImpossible ? [] : [`syn2op plan${config}`])]
}
