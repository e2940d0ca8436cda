import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Auth0PrepareDocument } from '../../../report/auth0-prepare-document.ts'
import { syn2opVersion } from '../../../version.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import { locationOf } from '../location.ts'
import type { AppliedPrepare } from './prepare.ts'
import { shownUndo } from './shown-steps.ts'
import { readRecord, type UndoRecord } from './undo-record.ts'
import { type JudgedStep, judgeSteps, undoSteps } from './undo-steps.ts'
import type { Looking } from './who-needs-it.ts'

interface UndoRequest extends Looking {
  readonly config: Pick<Auth0Config, 'url' | 'connection' | 'providers'>
}

/** What would be taken back, with what it takes to do it. */
export interface UndoShown {
  readonly file: string
  readonly record: UndoRecord
  readonly judged: readonly JudgedStep[]
  readonly document: Auth0PrepareDocument
}

/**
 * Looks at what is left of what a record says was done. Writes nothing.
 * @throws Syn2opError usage where the file is of another tenant or connection, or no record
 */
export const showUndo = async (file: string, looking: UndoRequest): Promise<UndoShown> => {
  const { config } = looking
  const record = await readRecord(file)
  if (record.url !== config.url || record.connection !== config.connection) {
    throw new Syn2opError('usage', `${file} tells of ${locationOf(record)}`, {
      next: [`Name the auth0.yaml of that: --target-config FILE. This one names ${locationOf(config)}.`],
    })
  }
  const judged = await judgeSteps(record.steps, looking)
  return { file, record, judged, document: documentOf({ file, record }, judged) }
}

const documentOf = (
  { file, record }: Pick<UndoShown, 'file' | 'record'>,
  judged: readonly JudgedStep[],
  undone?: readonly string[],
): Auth0PrepareDocument => ({
  kind: 'auth0-prepare',
  format: 1,
  syn2op: syn2opVersion(),
  action: undone === undefined ? 'undo' : 'undone',
  target: { url: record.url, connection: record.connection },
  steps: judged.map((one) => shownUndo(one, undone)),
  byHand: [],
  undoFile: file,
})

/** Whether anything is to be taken back. */
export const hasSomething = ({ judged }: Pick<UndoShown, 'judged'>): boolean =>
  judged.some(({ verdict }) => verdict.kind === 'undo')

/** Takes back what was shown. What goes wrong is returned, with what was taken back before. */
export const applyUndo = async (
  { file, record, judged: shown }: UndoShown,
  { runs, ...looking }: Looking & { readonly runs: string },
): Promise<AppliedPrepare> => {
  const { undone, judged, error } = await undoSteps(shown, { ...looking, file, record, runs })
  return { document: documentOf({ file, record }, judged, undone), ...(error === undefined ? {} : { error }) }
}
