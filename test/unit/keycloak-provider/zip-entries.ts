const CENTRAL = 0x02_01_4b_50
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30

/** A file in an archive, folders left out. */
export interface ZipEntry {
  readonly name: string
  readonly bytes: Buffer
}

/** The files in an archive whose files are stored as they are, in its order. @throws Error for one that is compressed. */
export const zipEntries = (archive: Buffer): readonly ZipEntry[] => {
  const entries: ZipEntry[] = []
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  let at = archive.readUInt32LE(end + 16)
  while (archive.readUInt32LE(at) === CENTRAL) {
    const [name, extra, comment] = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ]
    const path = archive.toString('utf8', at + CENTRAL_BYTES, at + CENTRAL_BYTES + name)
    if (archive.readUInt16LE(at + 10) !== 0) throw new Error(`${path} is compressed`)
    const local = archive.readUInt32LE(at + 42)
    const start = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    if (!path.endsWith('/'))
      entries.push({ name: path, bytes: archive.subarray(start, start + archive.readUInt32LE(at + 24)) })
    at += CENTRAL_BYTES + name + extra + comment
  }
  return entries
}
