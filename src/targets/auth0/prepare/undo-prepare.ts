import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { Auth0PrepareDocument } from '../../../report/auth0-prepare-document.ts'
import { syn2opVersion } from '../../../version.ts'
import type { ManagementApi } from '../api/management-api.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import type { AppliedPrepare } from './prepare.ts'
import { shownUndo } from './shown-steps.ts'
import { readRecord, type UndoRecord } from './undo-record.ts'
import { type JudgedStep, judgeSteps, undoSteps } from './undo-steps.ts'

interface UndoRequest {
  readonly api: ManagementApi
  readonly config: Pick<Auth0Config, 'url'>
  readonly signal: AbortSignal
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
 * @throws Syn2opError usage where the file is of another tenant, or no record
 */
export const showUndo = async (file: string, { api, config, signal }: UndoRequest): Promise<UndoShown> => {
  const record = await readRecord(file)
  if (record.url !== config.url) {
    throw new Syn2opError('usage', `${file} tells of the tenant ${record.url}`, {
      next: [`Name the auth0.yaml of that one: --target-config FILE. This one names ${config.url}.`],
    })
  }
  const judged = await judgeSteps(record.steps, { api, signal })
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
  { api, runs, signal }: Pick<UndoRequest, 'api' | 'signal'> & { readonly runs: string },
): Promise<AppliedPrepare> => {
  const { undone, judged, error } = await undoSteps(shown, { api, file, record, runs, signal })
  return { document: documentOf({ file, record }, judged, undone), ...(error === undefined ? {} : { error }) }
}
