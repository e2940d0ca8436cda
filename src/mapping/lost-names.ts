import type { Located } from '../config/yaml/located.ts'
import type { Problem } from '../errors/syn2op-error.ts'

/** An object has no key of this name of its own unless it is defined so: zod's records leave it out without a word. */
const LOST = '__proto__'

/** The sections whose names are an administrator's. Every other one is strict, and refuses what it does not know. */
const SECTIONS = ['providers', 'attributes']

export const canBeNamed = (name: string): boolean => name !== LOST

/** Rules that would be lost because of their name, each at its place. */
export const lostNames = (root: Located | undefined): readonly Problem[] =>
  SECTIONS.flatMap((section): readonly Problem[] => {
    const rules = root?.kind === 'map' ? root.entries.get(section) : undefined
    const at = rules?.kind === 'map' ? rules.keys.get(LOST) : undefined
    return at === undefined ? [] : [{ message: `\`${section}.${LOST}\`: a rule cannot have this name`, at }]
  })
