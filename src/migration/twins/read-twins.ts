import type { Client } from 'pg'
import { eachPage } from '../../postgres/cursor.ts'
import { run } from '../../postgres/statement.ts'
import type { TypedName, TypedNames } from '../../synapse/audit/foldable.ts'
import { type TwinCount, type TwinKind, twinTable } from './twin-table.ts'

/** How a target folds: text by text, in the order given. */
export type Fold = (texts: readonly string[]) => Promise<readonly string[]>

export interface Twins extends TwinCount {
  /** Some of the accounts, by their Matrix ids; always the same ones. */
  readonly samples: Readonly<Record<TwinKind, readonly string[]>>
}

/** What is folded, and looked for, at once. */
const PAGE = 2000

const SAMPLES = 3

/**
 * Counts the names that are the same once the target has folded them. The source is asked for those that a folding may
 * change, and then only for those that they are folded to.
 * @param reader within a transaction.
 */
export const readTwins = async (
  names: TypedNames,
  { reader, fold }: { readonly reader: Client; readonly fold: Fold },
): Promise<Twins> => {
  const table = twinTable()
  for await (const page of foldedPages(names, reader, fold)) {
    for (const { mxid, folded } of page) table.add({ mxid, folded, as: 'foldable' })
    const plain = await run(reader, names.plain([...new Set(page.map(({ folded }) => folded))]))
    for (const { mxid, text } of plain) table.add({ mxid, folded: text, as: 'plain' })
  }
  const count = table.count()
  const samples: Record<TwinKind, string[]> = { ofSeveral: [], ofOne: [] }
  const isFull = (kind: TwinKind): boolean => samples[kind].length >= Math.min(SAMPLES, count[kind])
  if (isFull('ofSeveral') && isFull('ofOne')) return { ...count, samples }
  for await (const page of foldedPages(names, reader, fold)) {
    for (const { mxid, folded } of page) {
      const kind = table.kindOf(folded)
      if (kind === undefined || samples[kind].length >= SAMPLES || samples[kind].includes(mxid)) continue
      samples[kind].push(mxid)
    }
    if (samples.ofSeveral.length + samples.ofOne.length >= 2 * SAMPLES) break
  }
  return { ...count, samples }
}

async function* foldedPages(
  names: TypedNames,
  reader: Client,
  fold: Fold,
): AsyncGenerator<readonly (TypedName & { readonly folded: string })[]> {
  const pages = eachPage({ client: reader, name: 'syn2op foldable', query: names.foldable(), size: PAGE })
  for await (const page of pages) {
    const folded = await fold(page.map(({ text }) => text))
    yield page.map((name, index) => ({ ...name, folded: folded[index] ?? name.text }))
  }
}
