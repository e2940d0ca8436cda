import { join } from 'node:path'
import { migrate } from '../migration/migrate.ts'
import { postgresUrl } from '../postgres/url-of.ts'
import type { RehearsalDocument } from '../report/documents.ts'
import { cleanCommand } from './clean-command.ts'
import { failedStep } from './failed-step.ts'
import type { Rehearsal } from './go-through.ts'
import { EVERY_WARNING, rehearsedRequest } from './migration-request.ts'
import { isOfProofs } from './prove.ts'
import type { Service } from './services/way.ts'
import { stepProgress } from './step-progress.ts'
import { writeSecret } from './write-secret.ts'

const FILLING = 'migrate again'

/**
 * Leaves everything running, with a syn2op.yaml by which the other commands find it. What the rollback has emptied is filled once
 * more; after a failure all is left as it is, for whoever looks for its cause.
 * @returns the document, with what is kept. What fails here is told in it, as of any other step.
 * @throws run.interrupted
 */
export const keepEverything = async (
  rehearsal: Rehearsal,
  postgres: Pick<Service, 'keep'>,
  document: RehearsalDocument,
): Promise<RehearsalDocument> => {
  const filled = isEmptied(document) ? await attempted(rehearsal, FILLING, document, () => fill(rehearsal)) : document
  const state: { kept?: NonNullable<RehearsalDocument['kept']> } = {}
  const ended = await attempted(rehearsal, 'keep', filled, async () => {
    state.kept = await keep(rehearsal, postgres)
  })
  return { ...ended, ...state }
}

const isEmptied = ({ rollback, failure }: RehearsalDocument): boolean =>
  rollback !== undefined && (failure === undefined || isOfProofs(failure))

/** The first failure is the one that is told. */
const attempted = async (
  { clock, context }: Pick<Rehearsal, 'clock' | 'context'>,
  step: string,
  document: RehearsalDocument,
  work: () => Promise<void>,
): Promise<RehearsalDocument> => {
  try {
    await clock.step(step, work)
    return document
  } catch (error) {
    context.signal.throwIfAborted()
    const failure = failedStep(step, error)
    if (document.failure !== undefined) context.note(`Also at ${step}: ${failure.message}`)
    return { ...document, verdict: 'failed', steps: [...clock.steps()], failure: document.failure ?? failure }
  }
}

const fill = async (rehearsal: Rehearsal): Promise<void> => {
  await migrate({
    ...rehearsedRequest(rehearsal),
    accept: EVERY_WARNING,
    progress: stepProgress(rehearsal.progress, FILLING),
    confirm: async () => true,
  })
}

const keep = async (
  { target, source, servers, context: { lease } }: Rehearsal,
  postgres: Pick<Service, 'keep'>,
): Promise<NonNullable<RehearsalDocument['kept']>> => {
  const { stringify } = await import('yaml')
  const settings = {
    synapse: {
      config: source.files,
      database: source.staged === undefined ? postgresUrl(source.source) : `sqlite:${source.staged.file}`,
    },
    target: { name: target.name, config: target.configFile },
    mapping: target.mapping.file,
    runs: join(lease.folder, 'runs'),
    accept: ['all-warnings'],
    ...(source.asOf === undefined ? {} : { asOf: new Date(source.asOf).toISOString() }),
  }
  // It holds the databases' password.
  const file = await writeSecret(lease.folder, 'syn2op.yaml', stringify(settings))
  await target.keep?.()
  await postgres.keep()
  await lease.keep()
  return { folder: lease.folder, files: [file, target.configFile], end: cleanCommand(lease.id, servers) }
}
