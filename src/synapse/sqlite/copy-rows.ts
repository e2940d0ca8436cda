import type { StagedColumn } from './columns.ts'
import { type Cell, type Fitted, fitCell, type Misfitting } from './fit-cell.ts'

/** A cell that PostgreSQL does not take, and that is NULL in the staged table. */
export interface MisfitCell {
  readonly column: string
  /** Absent where the table has no rowids. */
  readonly rowid: string | undefined
  readonly why: Misfitting
}

/** What passes through in one piece, bytes. */
const CHUNK = 65_536

/** Source: PostgreSQL documentation, COPY, "Binary Format". */
const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)])
const TRAILER = Buffer.from([0xff, 0xff])

/** A buffer that grows, and is given away chunk by chunk. */
const makeWriter = () => {
  let buffer = Buffer.allocUnsafe(CHUNK * 2)
  let at = 0
  const room = (bytes: number): void => {
    if (at + bytes <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
  }
  return {
    length: () => at,
    int16: (value: number): void => {
      room(2)
      at = buffer.writeInt16BE(value, at)
    },
    int32: (value: number): void => {
      room(4)
      at = buffer.writeInt32BE(value, at)
    },
    int64: (value: bigint): void => {
      room(8)
      at = buffer.writeBigInt64BE(value, at)
    },
    double: (value: number): void => {
      room(8)
      at = buffer.writeDoubleBE(value, at)
    },
    byte: (value: number): void => {
      room(1)
      at = buffer.writeUInt8(value, at)
    },
    bytes: (value: Uint8Array): void => {
      room(value.length)
      buffer.set(value, at)
      at += value.length
    },
    take: (): Buffer => {
      const taken = buffer.subarray(0, at)
      buffer = Buffer.allocUnsafe(CHUNK * 2)
      at = 0
      return taken
    },
  }
}

type Writer = ReturnType<typeof makeWriter>

const writeInteger = (writer: Writer, value: bigint, bytes: 2 | 4 | 8): void => {
  writer.int32(bytes)
  if (bytes === 8) writer.int64(value)
  else if (bytes === 4) writer.int32(Number(value))
  else writer.int16(Number(value))
}

const writeField = (writer: Writer, field: Fitted): void => {
  switch (field.kind) {
    case 'null':
    case 'misfit':
      writer.int32(-1)
      break
    case 'bytes':
      writer.int32(field.value.length)
      writer.bytes(field.value)
      break
    case 'boolean':
      writer.int32(1)
      writer.byte(field.value ? 1 : 0)
      break
    case 'double':
      writer.int32(8)
      writer.double(field.value)
      break
    case 'integer':
      writeInteger(writer, field.value, field.bytes)
  }
}

/**
 * Rows in the binary format of COPY, some tens of kilobytes at a time.
 * @param rows each an array: the rowid, or null, and the cells in the order of the columns.
 * @param tell is told of every cell that does not fit.
 */
export function* copyRows(
  columns: readonly StagedColumn[],
  rows: Iterable<readonly Cell[]>,
  tell: (misfit: MisfitCell) => void,
): Generator<Buffer, void, undefined> {
  const writer = makeWriter()
  writer.bytes(HEADER)
  for (const [rowid, ...cells] of rows) {
    writer.int16(columns.length)
    for (const [index, { name, type }] of columns.entries()) {
      const field = fitCell(type, cells[index] ?? null)
      if (field.kind === 'misfit') {
        tell({ column: name, rowid: rowid === null ? undefined : String(rowid), why: field.why })
      }
      writeField(writer, field)
    }
    if (writer.length() >= CHUNK) yield writer.take()
  }
  writer.bytes(TRAILER)
  yield writer.take()
}
