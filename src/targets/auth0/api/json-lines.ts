import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { parseJson } from '../../http/json.ts'

/** The first bytes of a gzip file. */
const GZIP = Buffer.from([0x1f, 0x8b])

/** Bytes as they were before they were compressed, where they are. @throws what gunzip says of a file that is cut off */
async function* uncompressed(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const source = bytes[Symbol.asyncIterator]()
  let start = Buffer.alloc(0)
  let ended = false
  while (start.length < GZIP.length && !ended) {
    const next = await source.next()
    if (next.done) ended = true
    else start = Buffer.concat([start, next.value])
  }
  const whole = async function* (): AsyncGenerator<Buffer> {
    if (start.length > 0) yield start
    if (!ended) for await (const chunk of { [Symbol.asyncIterator]: () => source }) yield chunk
  }
  if (!start.subarray(0, GZIP.length).equals(GZIP)) {
    yield* whole()
    return
  }
  const input = Readable.from(whole())
  const gunzip = createGunzip()
  input.on('error', (error) => gunzip.destroy(error))
  for await (const chunk of input.pipe(gunzip)) if (Buffer.isBuffer(chunk)) yield chunk
}

/**
 * The values of a file with one a line, gzipped or not. Empty lines are passed over; a line that is no JSON gives undefined.
 * @throws what the bytes throw
 */
export async function* jsonLines(bytes: AsyncIterable<Buffer>): AsyncGenerator {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of uncompressed(bytes)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.trim() !== '') yield parseJson(line)
  }
  rest += decoder.decode()
  if (rest.trim() !== '') yield parseJson(rest)
}
