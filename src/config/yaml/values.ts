import { didYouMean } from '../../errors/did-you-mean.ts'
import type { Problem } from '../../errors/syn2op-error.ts'
import type { Located } from './located.ts'

const isNull = (value: Located): boolean => value.kind === 'scalar' && value.value === null

/** What stands under a key of a section; undefined where nothing does, or null. */
export const under = (section: Located | undefined, key: string): Located | undefined => {
  const found = section?.kind === 'map' ? section.entries.get(key) : undefined
  return found === undefined || isNull(found) ? undefined : found
}

/** A list of texts, each once; none where it is absent. Wrong ones are reported and left out. */
export const textsOf = (value: Located | undefined, path: string, problems: Problem[]): readonly string[] => {
  if (value === undefined) return []
  if (value.kind !== 'list') {
    problems.push({ message: `\`${path}\` must be a list of texts`, at: value.at, remedy: 'Such as [first, second].' })
    return []
  }
  const texts = value.items.flatMap((item, index) => {
    if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '') return [item.value]
    problems.push({ message: `\`${path}[${index}]\` must be a text that is not empty`, at: item.at })
    return []
  })
  return [...new Set(texts)]
}

/** A section whose keys are names of the administrator's, each with a text. Wrong ones are reported and left out. */
export const pairsOf = (
  value: Located | undefined,
  path: string,
  problems: Problem[],
): readonly (readonly [name: string, text: string])[] => {
  if (value === undefined) return []
  if (value.kind !== 'map') {
    problems.push({ message: `\`${path}\` must be a map of names and texts`, at: value.at })
    return []
  }
  return [...value.entries].flatMap(([name, entry]) => {
    if (entry.kind === 'scalar' && typeof entry.value === 'string' && entry.value !== '') return [[name, entry.value]]
    problems.push({ message: `\`${path}.${name}\` must be a text that is not empty`, at: entry.at })
    return []
  })
}

/** Reports every key of a section that means nothing, with the one that was probably meant. */
export const reportUnknownKeys = (
  section: Located | undefined,
  path: string,
  known: readonly string[],
  problems: Problem[],
): void => {
  if (section?.kind !== 'map') return
  for (const [key, { at }] of section.entries) {
    if (known.includes(key)) continue
    const meant = didYouMean(key, known)
    const name = path === '' ? key : `${path}.${key}`
    problems.push({
      message: `\`${name}\` is no key of this file${meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
      at,
    })
  }
}
