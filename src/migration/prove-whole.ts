import type { RunProof } from '../report/run-parts.ts'
import type { RunWork } from './migrate.ts'
import { ownersOf } from './owners-of.ts'
import { wrongRows } from './wrong-rows.ts'

/**
 * Compares every row of a copy, once, so that later runs need to prove only what they changed. Where nothing differs it is on
 * record as proved from now on, whichever runs have written it.
 * @param options.without accounts that are told of otherwise: rejected, or not attempted.
 */
export const proveWhole = async (
  { request: { signal }, prepared, road }: Pick<RunWork, 'request' | 'prepared' | 'road'>,
  { without = [] }: { readonly without?: readonly string[] } = {},
): Promise<RunProof> => {
  const { decisions, readers, scout } = prepared
  const { tables } = await road.verify({ decisions, readers, without: await ownersOf(without, scout), signal })
  const rows = tables.reduce((sum, { wanted }) => sum + wanted, 0)
  const wrong = wrongRows(tables)
  if (wrong === 0) await road.markProved('all')
  return { rows, wrongRows: wrong, keys: rows, differingBuckets: 0, whole: true }
}
