import { decisions } from '../../accounts/decisions/decisions.ts'
import { cancelRunning } from '../../postgres/cancel.ts'
import { explainReplicaConflict } from '../../synapse/replica.ts'
import { openSnapshot } from '../../synapse/snapshot.ts'
import type { DecidedSource } from '../../targets/batch.ts'
import type { Prepared } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'

/** Decides anew, for a piece of work, by a snapshot of the source that is taken now. */
export const withSourceNow = async <Result>(
  { source, staged, signal, asOf = Date.now() }: Pick<MigrationRequest, 'source' | 'staged' | 'signal' | 'asOf'>,
  { source: { relations, rules } }: Pick<Prepared, 'source'>,
  work: (now: DecidedSource) => Promise<Result>,
): Promise<Result> => {
  const { readers, close } = await openSnapshot(await (staged?.now() ?? source), {
    count: 1,
    applicationName: 'syn2op source',
    signal,
  })
  const cancel = (): void => void Promise.all(readers.map(cancelRunning))
  signal.addEventListener('abort', cancel, { once: true })
  try {
    signal.throwIfAborted()
    return await work({ decisions: decisions(relations, { ...rules, asOf }), readers })
  } catch (error) {
    throw explainReplicaConflict(error)
  } finally {
    signal.removeEventListener('abort', cancel)
    await close()
  }
}
