import type { RunProof } from '../report/run-parts.ts'
import type { RunWork } from './migrate.ts'
import { wrongRows } from './wrong-rows.ts'

/**
 * Compares every row of a copy, once, so that later runs need to prove only what they changed.
 * @param copied the run that made the copy: on record as proved from now on, where nothing differs.
 */
export const proveWhole = async (
  { prepared, road }: Pick<RunWork, 'prepared' | 'road'>,
  copied: string,
): Promise<RunProof> => {
  const { tables } = await road.verify({ decisions: prepared.decisions, readers: prepared.readers })
  const rows = tables.reduce((sum, { wanted }) => sum + wanted, 0)
  const wrong = wrongRows(tables)
  if (wrong === 0) await road.markProved(copied)
  return { rows, wrongRows: wrong, keys: rows, differingBuckets: 0 }
}
