import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Problem } from '../errors/syn2op-error.ts'

/** What a list file says, or what is wrong with it. */
export interface NameList {
  readonly names: readonly string[]
  readonly problems: readonly Problem[]
}

/** Gives the list that a mapping names. */
export type ListReader = (name: string) => NameList

/** At most so many wrong lines of one file are shown. */
const SHOWN = 20

/** Reads lists relative to the mapping's file. */
export const listsBeside =
  (mappingFile: string): ListReader =>
  (name) => {
    const file = resolve(dirname(mappingFile), name)
    try {
      return parseList(readFileSync(file, 'utf8'), file)
    } catch {
      return { names: [], problems: [{ message: `the list ${file} cannot be read` }] }
    }
  }

/** Matrix ids and localparts, one in a line; empty lines and comments are nobody. */
export const parseList = (text: string, file: string): NameList => {
  const names = new Set<string>()
  const problems: Problem[] = []
  let wrong = 0
  text
    .replace(/^\uFEFF/u, '')
    .split('\n')
    .forEach((line, index) => {
      const name = line.replace(/(^|\s)#.*/su, '').trim()
      if (name === '') return
      const fault = faultOf(name)
      if (fault === undefined) names.add(name)
      else if (++wrong <= SHOWN) problems.push({ message: fault, at: { file, line: index + 1, column: 1 } })
    })
  if (wrong > SHOWN) problems.push({ message: `and ${wrong - SHOWN} more lines like these`, at: { file } })
  if (names.size === 0 && wrong === 0) problems.push({ message: 'names nobody', at: { file } })
  return { names: [...names], problems }
}

const faultOf = (name: string): string | undefined => {
  if (/[\s\p{Cc}]/u.test(name)) return 'holds several words; a line is one Matrix id or localpart'
  if (/^@[^:]+:.+$/u.test(name)) return undefined
  if (name.startsWith('@')) return 'begins with @ and is no Matrix id such as @alice:example.org'
  if (name.includes('@')) return 'looks like an e-mail address; a line is a Matrix id or a localpart'
  return name.includes(':')
    ? 'is neither a Matrix id, which begins with @, nor a localpart, which has no colon'
    : undefined
}
