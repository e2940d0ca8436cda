import { type Problem, Syn2opError } from '../errors/syn2op-error.ts'
import type { Mapping } from './mapping.ts'
import { placeOfRule } from './places.ts'

/** A target, and which rules it can follow, as its `follows` says. */
export interface Follower {
  readonly name: string
  readonly follows?: { readonly usernames?: true; readonly primaryEmail?: true; readonly attributes?: true }
}

/** Rules of a mapping that a target cannot follow, each with its place. */
export const unfollowedRules = (mapping: Mapping, { name, follows = {} }: Follower): readonly Problem[] => {
  const { usernames, emails, attributes } = mapping
  const problem = (rule: string, message: string): Problem => ({
    message: `\`${rule}\`: ${message}`,
    at: placeOfRule(mapping, rule),
  })
  return [
    ...(usernames !== undefined && follows.usernames === undefined
      ? [problem('usernames', `in ${name} the username is the localpart, of which the Matrix id is made, and no other`)]
      : []),
    ...(emails?.others === 'keep' && follows.primaryEmail === undefined
      ? [
          problem(
            'emails',
            `${name} has no primary address among several; with \`others: leave\` it gets that one alone`,
          ),
        ]
      : []),
    ...(attributes !== undefined && follows.attributes === undefined
      ? [problem('attributes', `accounts of ${name} have no attributes that a mapping could set`)]
      : []),
  ]
}

/**
 * Refuses a mapping that asks for what the target cannot do: left undone, nobody would notice.
 * @throws Syn2opError mapping.invalid, with every such rule.
 */
export const requireFollowed = (mapping: Mapping, target: Follower): void => {
  const problems = unfollowedRules(mapping, target)
  if (problems.length === 0) return
  throw new Syn2opError(
    'mapping.invalid',
    `The mapping file ${mapping.file} has rules that ${target.name} cannot follow`,
    {
      problems,
      next: ['Take these rules out, or leave them at their defaults.'],
    },
  )
}
