import { numberedLetter, type WrittenLetter } from './written-letters.ts'

const KIND = /^\\[dDsSwW]/u
const WORD = /[\p{L}\p{N}]/u

/**
 * A class of characters with other letters in the place of those that it lists; ranges and signs stay.
 * @param written such as `[^a-z._]`.
 */
export const maskedClass = (written: string, drawn: (letters: string) => string): string => {
  const [, negated = '', body = ''] = /^\[(\^?)(.*)\]$/su.exec(written) ?? []
  const kept: string[] = []
  const letters = new Set<string>()
  let rest = body
  while (rest !== '') {
    const kind = KIND.exec(rest)?.[0]
    if (kind !== undefined) {
      kept.push(kind)
      rest = rest.slice(kind.length)
      continue
    }
    const first = member(rest)
    rest = rest.slice(first.written.length)
    const last =
      rest.length > 1 && rest.startsWith('-') && !KIND.test(rest.slice(1)) ? member(rest.slice(1)) : undefined
    if (last !== undefined) rest = rest.slice(1 + last.written.length)
    // A range of one letter lists it.
    if (last !== undefined && last.text !== first.text) kept.push(`${first.written}-${last.written}`)
    else if (WORD.test(first.text)) letters.add(first.text)
    else kept.push(first.written)
  }
  const others = letters.size === 0 ? '' : inClass(drawn([...letters].join('')))
  // A bracket that comes first and a hyphen that comes last stand for themselves.
  const bracket = kept[0] === ']' ? ']' : ''
  return `[${negated}${bracket}${others}${kept.join('').slice(bracket.length)}]`
}

const member = (rest: string): WrittenLetter => {
  const numbered = numberedLetter(rest)
  if (numbered !== undefined) return numbered
  const written = /^\\?./su.exec(rest)?.[0] ?? rest
  return { text: written.replace(/^\\/u, ''), written }
}

const inClass = (text: string): string => [...new Set(text)].join('').replace(/[\\\]^-]/gu, String.raw`\$&`)
