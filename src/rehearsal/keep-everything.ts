import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate } from '../migration/migrate.ts'
import { postgresUrl } from '../postgres/url-of.ts'
import type { RehearsalDocument } from '../report/documents.ts'
import type { Rehearsal } from './go-through.ts'
import { EVERY_WARNING, rehearsedRequest } from './migration-request.ts'
import type { Service } from './services/way.ts'
import { stepProgress } from './step-progress.ts'

/**
 * Fills the target once more, since the rollback has emptied it, and leaves everything running: with a syn2op.yaml by which the
 * other commands find it.
 */
export const keepEverything = async (
  rehearsal: Rehearsal,
  postgres: Pick<Service, 'keep'>,
): Promise<NonNullable<RehearsalDocument['kept']>> => {
  const { target, source, context, progress } = rehearsal
  const { lease } = context
  await migrate({
    ...rehearsedRequest(rehearsal),
    accept: EVERY_WARNING,
    progress: stepProgress(progress, 'migrate again'),
    confirm: async () => true,
  })
  const { stringify } = await import('yaml')
  const file = join(lease.folder, 'syn2op.yaml')
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
  await writeFile(file, stringify(settings), { mode: 0o600 })
  await target.keep?.()
  await postgres.keep()
  await lease.keep()
  return { folder: lease.folder, files: [file, target.configFile], end: `syn2op rehearse --clean ${lease.id}` }
}
