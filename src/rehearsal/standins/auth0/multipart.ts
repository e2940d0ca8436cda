/** One part of a form. */
export interface Part {
  readonly name: string
  readonly filename?: string
  readonly content: Buffer
}

const BOUNDARY = /^multipart\/form-data\s*;(?:.*;)?\s*boundary=(?:"(?<quoted>[^"]+)"|(?<plain>[^;\s]+))/iu
const NAME = /;\s*name="(?<name>[^"]*)"/iu
const FILENAME = /;\s*filename="(?<filename>[^"]*)"/iu

const partOf = (text: Buffer): Part | undefined => {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.subarray(0, end).toString('utf8')
  const name = NAME.exec(head)?.groups?.['name']
  const filename = FILENAME.exec(head)?.groups?.['filename']
  return name === undefined
    ? undefined
    : { name, ...(filename === undefined ? {} : { filename }), content: text.subarray(end + 4) }
}

/** The parts of a form in the order in which they came; undefined where it is none, or is cut off. */
export const readMultipart = (contentType: string, body: Buffer): readonly Part[] | undefined => {
  const found = BOUNDARY.exec(contentType)?.groups
  const boundary = found?.['quoted'] ?? found?.['plain']
  if (boundary === undefined) return undefined
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const whole = Buffer.concat([Buffer.from('\r\n'), body])
  const parts: Part[] = []
  let at = whole.indexOf(delimiter)
  while (at >= 0) {
    const start = at + delimiter.length
    if (whole.subarray(start, start + 2).toString() === '--') return parts
    const next = whole.indexOf(delimiter, start)
    const part = next < 0 ? undefined : partOf(whole.subarray(start + 2, next))
    if (part === undefined) return undefined
    parts.push(part)
    at = next
  }
  return undefined
}
