import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'

/** A line of the list of predictions, as a spreadsheet reads it. */
export interface PredictionLine {
  readonly mxid: string
  readonly device: string
  readonly what: string
  readonly reason: string
  readonly name: string
}

const COLUMNS = ['mxid', 'device_id', 'what', 'reason', 'name']

/** Reads a file that `--report predictions=FILE` has written. */
export const readPredictions = async (file: string): Promise<readonly PredictionLine[]> => {
  const [head, ...lines]: readonly (readonly string[])[] = parse(await readFile(file, 'utf8'))
  if (head?.join() !== COLUMNS.join()) throw new Error(`The list begins with ${head?.join()}`)
  return lines.map(([mxid = '', device = '', what = '', reason = '', name = '']) => ({
    mxid,
    device,
    what,
    reason,
    name,
  }))
}
