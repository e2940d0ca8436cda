import { formatBytes, formatDuration, formatInteger } from '../../terminal/numbers.ts'
import type { Cell } from './outline.ts'

/** A cell as people read it: numbers with their separators and units. */
export const cellText = (cell: Cell): string => {
  if (typeof cell === 'string') return cell
  if (typeof cell === 'number') return formatInteger(cell)
  return 'bytes' in cell ? formatBytes(cell.bytes) : formatDuration(cell.milliseconds)
}

/** Whether a column holds numbers, which stand right; cells without text are in any column. */
export const isNumeric = (cells: readonly (Cell | undefined)[]): boolean =>
  cells.some((cell) => cell !== undefined && typeof cell !== 'string')
