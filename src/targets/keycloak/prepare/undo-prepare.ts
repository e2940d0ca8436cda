import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { KeycloakPrepareDocument } from '../../../report/keycloak-prepare-document.ts'
import { syn2opVersion } from '../../../version.ts'
import type { AdminApi } from '../api/admin-api.ts'
import type { KeycloakConfig } from '../config/keycloak-config.ts'
import { EVENTS_STEP } from './events-step.ts'
import type { AppliedPrepare } from './prepare.ts'
import { shownUndo } from './shown-steps.ts'
import { newestWith, type RecordFile, readRecord } from './undo-record.ts'
import { type JudgedStep, judgeSteps, undoSteps } from './undo-steps.ts'

export interface UndoRequest {
  readonly config: KeycloakConfig
  readonly api: AdminApi
  readonly runs: string
  readonly signal: AbortSignal
}

/** What would be taken back, with what it takes to do it. */
export interface UndoShown {
  readonly file: RecordFile
  readonly judged: readonly JudgedStep[]
  readonly document: KeycloakPrepareDocument
}

/**
 * Looks at what is left of what a record says was done. Writes nothing.
 * @throws Syn2opError usage where the file is of another realm, or no record
 */
export const showUndo = async (file: string, request: UndoRequest): Promise<UndoShown> => {
  const record = await readRecord(file)
  const { url, realm } = request.config
  if (record.url !== url || record.realm !== realm) {
    throw new Syn2opError('usage', `${file} tells of the realm ${record.realm} at ${record.url}`, {
      next: [`Name the keycloak.yaml of that one: --target-config FILE. This one names ${realm} at ${url}.`],
    })
  }
  return judge(
    { file, record },
    record.steps.map(({ id }) => id),
    request,
  )
}

/**
 * The same for the events that the last `--events off` switched off.
 * @throws Syn2opError usage where no record of the realm has any
 */
export const showEventsRestore = async (request: UndoRequest): Promise<UndoShown> => {
  const found = await newestWith(request.runs, request.config, EVENTS_STEP)
  if (found !== undefined) return judge(found, [EVENTS_STEP], request)
  throw new Syn2opError('usage', `No record in ${request.runs} says that syn2op switched off events`, {
    next: ['Name the folder where --events off kept its record: --runs-dir FOLDER'],
  })
}

const judge = async (file: RecordFile, ids: readonly string[], request: UndoRequest): Promise<UndoShown> => {
  const steps = file.record.steps.filter(({ id }) => ids.includes(id))
  const judged = await judgeSteps(request.api, steps, request.signal)
  return { file, judged, document: documentOf(file, judged) }
}

const documentOf = (
  { file, record }: RecordFile,
  judged: readonly JudgedStep[],
  undone?: readonly string[],
): KeycloakPrepareDocument => ({
  kind: 'keycloak-prepare',
  format: 1,
  syn2op: syn2opVersion(),
  action: undone === undefined ? 'undo' : 'undone',
  target: { url: record.url, realm: record.realm },
  steps: judged.map((one) => shownUndo(one, undone)),
  byHand: [],
  wirings: [],
  undoFile: file,
})

/** Whether anything is to be taken back. */
export const hasSomething = ({ judged }: UndoShown): boolean =>
  judged.some(({ verdict }) => verdict.kind === 'delete' || verdict.kind === 'restore')

/** Takes back what was shown. What goes wrong is returned, with what was taken back before. */
export const applyUndo = async ({ file, judged: shown }: UndoShown, request: UndoRequest): Promise<AppliedPrepare> => {
  const { undone, judged, error } = await undoSteps(shown, file, request)
  return { document: documentOf(file, judged, undone), ...(error === undefined ? {} : { error }) }
}
