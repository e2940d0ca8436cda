import { randomBytes } from 'node:crypto'

export interface Multipart {
  readonly contentType: string
  readonly bytes: Buffer
}

export interface FormFile {
  readonly name: string
  readonly fileName: string
  readonly contentType: string
  readonly bytes: Buffer
}

/** A form with one file, as RFC 7578 says. Names and values have no quotes and no line breaks. */
export const multipart = (fields: Readonly<Record<string, string>>, file: FormFile): Multipart => {
  // Of 16 random bytes: that it stands in the file is not to be expected.
  const boundary = `syn2op-${randomBytes(16).toString('hex')}`
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const head = [
    `--${boundary}`,
    `content-disposition: form-data; name="${file.name}"; filename="${file.fileName}"`,
    `content-type: ${file.contentType}`,
  ]
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([
      Buffer.from(`${parts.join('')}${head.join('\r\n')}\r\n\r\n`),
      file.bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  }
}
