import { base64Forms } from './base64-forms.ts'

/** What stands where a secret stood: the same for the same secret, and how long it was. */
export const maskOf = (secret: string): string => {
  const length = [...secret].length
  return `‹masked ${length} character${length === 1 ? '' : 's'}›`
}

/** A secret in a text, in whatever form. */
export interface Occurrence {
  /** In UTF-16 code units from the beginning of the text. */
  readonly at: number
  readonly text: string
  readonly secret: string
}

/** What finds every secret in a text, also where it is written for a URL, a form, JSON or HTML, or in base64, alone or amid other bytes. */
export const finderOf = (secrets: readonly string[]): ((text: string) => readonly Occurrence[]) => {
  const known = new Map<string, string>()
  for (const secret of new Set(secrets)) {
    if (secret === '') continue
    for (const form of formsOf(secret)) if (!known.has(form)) known.set(form, secret)
  }
  if (known.size === 0) return () => []
  // The longest first: a secret that begins with another is masked as a whole.
  const forms = [...known.keys()].toSorted((one, other) => other.length - one.length)
  const any = new RegExp(`(${MASK})|${forms.map(literally).join('|')}`, 'g')
  return (text) =>
    [...text.matchAll(any)].flatMap((match) => {
      const [found, before] = match
      const secret = known.get(found)
      return before !== undefined || secret === undefined ? [] : [{ at: match.index, text: found, secret }]
    })
}

/** What was masked before stays as it is: a short secret may stand in the words of a mask. */
const MASK = String.raw`‹masked \d+ characters?›`

/** Every secret masked, in each form in which it is found. */
export const mask = (text: string, secrets: readonly string[]): string => {
  let masked = ''
  let end = 0
  for (const found of finderOf(secrets)(text)) {
    masked += `${text.slice(end, found.at)}${maskOf(found.secret)}`
    end = found.at + found.text.length
  }
  return `${masked}${text.slice(end)}`
}

const literally = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`)

const formsOf = (secret: string): ReadonlySet<string> => {
  const wellFormed = secret.toWellFormed()
  const escaped = encodeURIComponent(wellFormed)
  const form = new URLSearchParams([['', wellFormed]]).toString().slice(1)
  // Some servers write `!'()*` as they are, some not.
  const strict = escaped.replaceAll(/[!'()*~]/gu, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
  return new Set([
    secret,
    ...[escaped, form, strict].flatMap((one) => [one, inSmallHex(one)]),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(secret).slice(1, -1).replaceAll('/', '\\/'),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ...base64Forms(wellFormed),
  ])
}

const inSmallHex = (escaped: string): string => escaped.replaceAll(/%[0-9A-F]{2}/gu, (code) => code.toLowerCase())
