const NUMBERED = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/u
const OCTAL = /^\\(0[0-7]{0,2}|[0-3][0-7]{2})/u

/** A letter at the beginning of an expression, and how it is written there. */
export interface WrittenLetter {
  readonly text: string
  readonly written: string
}

/** The letter that an expression of Python writes as a number; undefined: what begins it is none. */
export const numberedLetter = (regex: string): WrittenLetter | undefined => {
  const [hexWritten, x, u, long] = NUMBERED.exec(regex) ?? []
  const hex = x ?? u ?? long
  if (hexWritten !== undefined && hex !== undefined) return letter(Number.parseInt(hex, 16), hexWritten)
  const [octalWritten, octal] = OCTAL.exec(regex) ?? []
  return octalWritten === undefined || octal === undefined ? undefined : letter(Number.parseInt(octal, 8), octalWritten)
}

const letter = (code: number, written: string): WrittenLetter | undefined =>
  code > 0x10_ff_ff ? undefined : { text: String.fromCodePoint(code), written }
