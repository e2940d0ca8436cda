/** Shorter ones are words and endings of a language: where they return would tell which. */
const SHORTEST = 8

/**
 * Where a text repeats eight or more letters that stood in it before.
 * @returns for each letter the place of the one that it repeats, if it does: always an earlier one.
 */
export const stretchesOf = (letters: readonly string[]): readonly (number | undefined)[] => {
  const first = new Map<string, number>()
  const from: (number | undefined)[] = Array.from({ length: letters.length })
  let end = 0
  for (let index = 0; index + SHORTEST <= letters.length; index++) {
    const beginning = letters.slice(index, index + SHORTEST).join('')
    const earlier = first.get(beginning)
    if (earlier === undefined) {
      first.set(beginning, index)
      continue
    }
    if (index < end) continue
    for (end = index; end < letters.length && letters[end] === letters[end - index + earlier]; end++) {
      from[end] = end - index + earlier
    }
  }
  return from
}
