/** Shorter pieces are no secret's any more, and stand in many a text. */
const SHORTEST = 6

/** What of a text is the same in base64 wherever it stands among other bytes, as in `Basic base64(user:password)`; both alphabets. */
export const base64Forms = (text: string): readonly string[] => {
  const bytes = Buffer.from(text)
  const whole = bytes.toString('base64')
  const pieces = [0, 1, 2].map((before) => {
    const shifted = Buffer.concat([Buffer.alloc(before), bytes])
    // The first letters hold bits of what stands before, the last ones of what stands behind.
    const first = Math.ceil((before * 8) / 6)
    const last = Math.floor((shifted.length * 8) / 6)
    return shifted.toString('base64').slice(first, last)
  })
  const forms = [whole, whole.replaceAll('=', ''), ...pieces].filter((form) => form.length >= SHORTEST)
  return forms.flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}
