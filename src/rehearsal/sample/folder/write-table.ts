import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Row } from '../mask/masker.ts'
import { lineOf } from './lines.ts'

export interface TableToWrite {
  readonly folder: string
  readonly table: string
  readonly types: ReadonlyMap<string, string>
  /** Masked. */
  readonly rows: AsyncIterable<Row> | Iterable<Row>
  /** Sorted: all rows are held in memory. */
  readonly order: 'sorted' | 'as it comes'
  readonly compressed: boolean
  readonly signal: AbortSignal
}

export const tableFile = (table: string, compressed: boolean): string =>
  join('tables', `${table}.jsonl${compressed ? '.gz' : ''}`)

/** @returns how many rows were written. */
export const writeTable = async (written: TableToWrite): Promise<number> => {
  const { folder, table, types, rows, order, compressed, signal } = written
  let count = 0
  const lines = async function* (): AsyncGenerator<string> {
    if (order === 'sorted') {
      const all: string[] = []
      for await (const row of rows) all.push(lineOf(row, types))
      for (const line of all.toSorted()) {
        count++
        yield `${line}\n`
      }
      return
    }
    let chunk = ''
    for await (const row of rows) {
      count++
      chunk += `${lineOf(row, types)}\n`
      if (chunk.length < 65_536) continue
      yield chunk
      chunk = ''
    }
    yield chunk
  }
  const file = createWriteStream(join(folder, tableFile(table, compressed)), { mode: 0o600 })
  const from = Readable.from(lines(), { highWaterMark: 4 })
  await (compressed ? pipeline(from, createGzip({ level: 6 }), file, { signal }) : pipeline(from, file, { signal }))
  return count
}
