import { base64Forms } from './base64-forms.ts'

/** What stands where a secret stood: the same for the same secret, and how long it was. */
export const maskOf = (secret: string): string => {
  const length = [...secret].length
  return `‹masked ${length} character${length === 1 ? '' : 's'}›`
}

/** Every secret masked, also where it is written for a URL, a form, JSON or HTML, or in base64, alone or amid other bytes. */
export const mask = (text: string, secrets: readonly string[]): string => {
  const masks = new Map<string, string>()
  for (const secret of new Set(secrets)) {
    if (secret === '') continue
    for (const form of formsOf(secret)) if (!masks.has(form)) masks.set(form, maskOf(secret))
  }
  if (masks.size === 0) return text
  // The longest first: a secret that begins with another is masked as a whole.
  const forms = [...masks.keys()].toSorted((one, other) => other.length - one.length)
  const any = new RegExp(forms.map(literally).join('|'), 'g')
  return text.replaceAll(any, (found) => masks.get(found) ?? '')
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
