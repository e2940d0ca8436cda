import { appendFile, mkdir, open, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { redactUrls } from '../../errors/redact-urls.ts'
import { Syn2opError } from '../../errors/syn2op-error.ts'
import type { AccountRecord, RunEvent } from '../../report/run-record.ts'
import { toJson } from '../../report/to-json.ts'
import { causeOf, writeWhole } from '../../report/write-whole.ts'
import { syn2opVersion } from '../../version.ts'
import type { RunRecorder } from '../run-recorder.ts'
import { countOutcomes, heldBackRecord, outcomeRecord, rollbackRecord } from './account-record.ts'
import { processMark } from './process-mark.ts'
import { type RunFiles, runFiles } from './run-folder.ts'

export interface RecorderOptions {
  /** The folder of all runs; made where it is missing. */
  readonly runs: string
  /** As it was typed. */
  readonly command: readonly string[]
  /** Told once, when the record cannot be kept any longer. */
  readonly warn: (message: string) => void
}

type EventOf<Event> = Event extends RunEvent ? Omit<Event, 'at'> : never
type NewEvent = EventOf<RunEvent>

/** Only the owner reads who is held back, and why. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700

/**
 * Keeps a run's record in files of its own folder, flushed as it goes, so that they say what happened whatever ends the
 * process. They hold no hash, token or password: accounts are named, their rows only counted.
 */
export const fileRecorder = ({ runs, command, warn }: RecorderOptions): RunRecorder => {
  let files: RunFiles | undefined
  let lineOf: typeof outcomeRecord = outcomeRecord
  let writing: Promise<void> = Promise.resolve()
  let given = true

  /** Writes one after the other; the first failure is told and ends the record, not the run. */
  const keep = (write: (files: RunFiles) => Promise<void>): Promise<void> => {
    writing = writing.then(async () => {
      if (files === undefined || !given) return
      try {
        await write(files)
      } catch (error) {
        given = false
        warn(
          `The record of this run in ${files.folder} ends here: ${causeOf(error) ?? 'it cannot be written'}. The run goes on.`,
        )
      }
    })
    return writing
  }
  const event = (happened: NewEvent): Promise<void> => keep(({ events }) => append(events, [stamped(happened)]))
  const accounts = (records: readonly AccountRecord[]): Promise<void> =>
    records.length === 0 ? Promise.resolve() : keep((each) => append(each.accounts, records))

  return {
    async begin({ runId, kind, plan, boundTo, resumes, cohort, limit }) {
      const begun = runFiles(runs, runId)
      const mark = processMark(process.pid)
      const goesOn = resumes === runId
      if (kind === 'rollback') lineOf = rollbackRecord
      let made = false
      try {
        await mkdir(runs, { recursive: true, mode: FOLDER_MODE })
        const first = await mkdir(begun.folder, { recursive: goesOn, mode: FOLDER_MODE })
        made = !goesOn || first !== undefined
        // What a dead run has left of these, with which this one goes on.
        await rm(begun.report, { force: true })
        await rm(begun.pause, { force: true })
        await writeWhole(begun.plan, toJson(plan))
        if (boundTo !== undefined) await writeWhole(begun.bound, toJson(boundTo))
        if (goesOn) for (const file of [begun.events, begun.accounts]) await endLine(file)
        await append(begun.events, [
          stamped({
            event: 'started',
            runId,
            kind,
            syn2op: syn2opVersion(),
            command: command.map(redactUrls),
            host: hostname(),
            pid: process.pid,
            ...(mark === undefined ? {} : { mark }),
            ...(resumes === undefined ? {} : { resumes }),
            ...(cohort === undefined ? {} : { cohort }),
            ...(limit === undefined ? {} : { limit }),
          }),
        ])
        await append(begun.accounts, [])
      } catch (error) {
        if (made) await rm(begun.folder, { recursive: true, force: true }).catch(() => {})
        throw unwritable(begun.folder, error)
      }
      files = begun
    },

    async heldBack(found) {
      try {
        for await (const some of found) {
          await accounts(some.map(heldBackRecord))
          if (!given) return
        }
      } catch {
        warn(`Who is held back could not be read, so it is not in the record of this run. The run goes on.`)
      }
    },

    async batchApplied({ ordinal }, outcomes) {
      await accounts(outcomes.map(lineOf).filter((record) => record !== undefined))
      await event({ event: 'batch', ordinal, accounts: countOutcomes(outcomes) })
    },

    phase: (phase) => void event({ event: 'phase', phase }),
    note: (message) => void event({ event: 'note', message: redactUrls(message) }),

    async finish(document) {
      await keep(({ report }) => writeWhole(report, toJson(document)))
      const early = document.kind === 'run' ? document.endedEarly?.why : undefined
      await event({
        event: 'finished',
        milliseconds: document.milliseconds ?? 0,
        ...(early === undefined ? {} : { endedEarly: early }),
      })
    },

    fail: (error) => event({ event: 'failed', ...failure(error) }),
  }
}

const stamped = (happened: NewEvent): RunEvent => ({ at: new Date().toISOString(), ...happened })

const append = (file: string, lines: readonly (RunEvent | AccountRecord)[]): Promise<void> =>
  appendFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: FILE_MODE, flush: true })

/** A full disk may have cut a line off: what is written next would be lost with it. */
const endLine = async (file: string): Promise<void> => {
  const handle = await open(file, 'a+', FILE_MODE)
  try {
    const { size } = await handle.stat()
    const last = Buffer.alloc(1)
    if (size === 0) return
    await handle.read(last, 0, 1, size - 1)
    if (last.toString() !== '\n') await handle.appendFile('\n')
  } finally {
    await handle.close()
  }
}

/** Of our own errors their message, which holds no secret; of others, whose messages may quote a row, only their kind. */
const failure = (error: unknown): { readonly code: string; readonly message: string } => {
  if (error instanceof Syn2opError) return { code: error.code, message: redactUrls(error.message) }
  const name = error instanceof Error ? error.name : 'something that is no error'
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? ` ${error.code}` : ''
  return { code: 'internal', message: `${name}${code}` }
}

const unwritable = (folder: string, error: unknown): Syn2opError =>
  new Syn2opError(
    'run.unwritable',
    `The run has no record: ${folder} cannot be written: ${causeOf(error) ?? 'it fails'}`,
    {
      cause: error,
      next: ['Nothing was written to the target. Name a folder that you may write to: --runs-dir FOLDER'],
    },
  )
