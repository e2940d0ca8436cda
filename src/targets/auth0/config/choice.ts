import type { Section } from '../../../config/yaml/section.ts'

/**
 * One of some words, the first where the key is absent. A problem of the section, and undefined, where it is another one.
 */
export const readChoice = <Word extends string>(
  section: Section,
  key: string,
  words: readonly [Word, ...Word[]],
): Word | undefined => {
  if (!section.has(key)) return words[0]
  const given = section.word(key)
  const word = words.find((known) => known === given)
  if (word === undefined) {
    const path = section.path === '' ? key : `${section.path}.${key}`
    section.problem(`\`${path}\` is none of ${words.join(', ')}`, { key })
  }
  return word
}
