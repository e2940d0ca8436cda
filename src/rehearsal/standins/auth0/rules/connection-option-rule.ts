import { seenByOthers } from './published.ts'
import { patching, refused } from './requests.ts'
import type { Check, Condition, Rule, Source, Step } from './rule.ts'

const INVALID = refused(400, 'invalid_body')

const sending = (options: unknown): Step => patching('/api/v2/connections/{connection}', { options })

interface OptionRule {
  readonly says: string
  readonly source: Source
  readonly check: Check
  readonly when?: Condition
  /** The options of an example. */
  readonly keeps: unknown
  readonly breaks: readonly [OptionBreak, ...OptionBreak[]]
}

type OptionBreak = readonly [wrong: string, options: unknown]

/** A rule of one option, or of the options; examples are options. */
export const optionRule = (path: string, name: string, rule: OptionRule): Rule => {
  const broken = ([wrong, options]: OptionBreak) => ({ wrong, steps: [sending(options)] as const, refusal: INVALID })
  const [first, ...others] = rule.breaks
  return {
    id: `connections.${path}.${name}`,
    says: rule.says,
    sources: [rule.source],
    field: {
      of: 'changed connection',
      path,
      check: rule.check,
      code: 'invalid_body',
      ...(rule.when === undefined ? {} : { when: rule.when }),
    },
    keeps: { steps: [sending(rule.keeps)] },
    breaks: [broken(first), ...others.map(broken)],
  }
}

export const ACTIVE = { identifier: { active: true } }

/** Attributes of which one is as given, and another can be logged in with. */
export const attributes = (name: 'email' | 'phone_number' | 'username', value: unknown) => ({
  attributes: { ...(name === 'username' ? { email: ACTIVE } : { username: ACTIVE }), [name]: value },
})

/** What the deployment tool of Auth0 looks at before it sends anything. */
export const deployCli = (quote: string): Source =>
  seenByOthers(
    'auth0-deploy-cli, databases',
    'https://github.com/auth0/auth0-deploy-cli/blob/master/src/tools/auth0/handlers/databases.ts',
    quote,
  )
