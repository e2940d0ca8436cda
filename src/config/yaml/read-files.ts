import { readFile } from 'node:fs/promises'
import { type Problem, Syn2opError } from '../../errors/syn2op-error.ts'
import type { Located } from './located.ts'
import { mergeFiles } from './merge-files.ts'
import { parseLocated } from './parse-located.ts'

const whyNot = (reason: unknown): string => {
  const code = reason instanceof Error && 'code' in reason ? String(reason.code) : 'unknown reason'
  return code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`
}

/** Whose files they are, for what is said of them. */
export interface FilesOf {
  readonly target: string
  /** As such a file is called, such as `keycloak.yaml`. */
  readonly called: string
}

/**
 * The files as one, each over those before it. What is no YAML is pushed onto `problems`.
 * @throws Syn2opError config.unreadable for files that cannot be read
 */
export const readFiles = async (
  files: readonly string[],
  { target, called }: FilesOf,
  problems: Problem[],
): Promise<Located | undefined> => {
  const outcomes = await Promise.allSettled(files.map((file) => readFile(file, 'utf8')))
  const unreadable = outcomes.flatMap((outcome, index): readonly Problem[] =>
    outcome.status === 'fulfilled' ? [] : [{ message: whyNot(outcome.reason), at: { file: files[index] ?? '' } }],
  )
  if (unreadable.length > 0) {
    throw new Syn2opError('config.unreadable', `The configuration of the target ${target} cannot be read.`, {
      problems: unreadable,
      next: [`Give the path of your ${called} to --target-config, as a user who may read it.`],
    })
  }
  let merged: Located | undefined
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'rejected') continue
    const parsed = parseLocated(outcome.value, files[index] ?? '')
    problems.push(...parsed.problems)
    if (parsed.value) merged = merged ? mergeFiles(merged, parsed.value) : parsed.value
  }
  return merged
}
