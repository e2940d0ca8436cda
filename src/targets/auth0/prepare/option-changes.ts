import type { FieldChange } from '../../prepare/field-change.ts'
import { type FieldPath, isMap, readField, sameValue, writeField } from '../../prepare/json-field.ts'
import { connectionRules, hasFlexibleIdentifiers, LONGEST_USERNAME } from '../check/connection-rules.ts'

type Options = Readonly<Record<string, unknown>>

/** What people may be without. Each is said by whoever prepares: what comes of it is not for everybody. */
export interface Lacking {
  readonly email: 'may be lacking' | 'as it is'
  readonly phone: 'may be lacking' | 'as it is'
}

/** A field is to have this value; undefined: to be gone. */
interface Wanted {
  readonly at: FieldPath
  readonly after: unknown
}

/** Matrix names have 1 character or more. */
const SHORTEST_USERNAME = 1

const USERNAME = {
  identifier: { active: true },
  profile_required: false,
  validation: { min_length: SHORTEST_USERNAME, max_length: LONGEST_USERNAME },
}

const EMAIL = { identifier: { active: true }, profile_required: false, signup: { status: 'optional' } }

/** What of a connection's options has to be other than it is, so that everybody who moves finds room in it. Pure. */
export const optionChanges = (options: Options, lacking: Lacking): readonly FieldChange[] => {
  const wanted = hasFlexibleIdentifiers(options)
    ? byAttributes(options, lacking)
    : lacking.email === 'may be lacking'
      ? toAttributes(options)
      : byOlderOptions(options)
  return wanted
    .map((one) => lifted(options, one))
    .flatMap(({ at, after }) => {
      const before = readField(options, at)
      if (sameValue(before, after)) return []
      return [{ at, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }]
    })
}

/** What it stands in may have to be made too: then that is what is changed, so that the way back leaves nothing of it. */
const lifted = (options: Options, { at, after }: Wanted): Wanted => {
  const missing = at.findIndex((_, depth) => !isMap(readField(options, at.slice(0, depth))))
  if (after === undefined || missing === -1) return { at, after }
  return { at: at.slice(0, missing), after: writeField({}, at.slice(missing), after) }
}

const byOlderOptions = (options: Options): readonly Wanted[] => {
  const { takesUsernames, usernameLength } = connectionRules(options)
  const isWide = usernameLength.max >= LONGEST_USERNAME && usernameLength.min <= SHORTEST_USERNAME
  return [
    ...(takesUsernames ? [] : [{ at: ['requires_username'], after: true }]),
    ...(isWide ? [] : [{ at: ['validation', 'username'], after: { min: SHORTEST_USERNAME, max: LONGEST_USERNAME } }]),
  ]
}

/** Flexible identifiers and the older options for usernames exclude each other. */
const toAttributes = (options: Options): readonly Wanted[] => {
  const validation = options['validation']
  const others = isMap(validation) ? Object.keys(validation).filter((key) => key !== 'username') : []
  return [
    { at: ['attributes'], after: { email: EMAIL, username: USERNAME } },
    { at: ['requires_username'], after: undefined },
    others.length === 0
      ? { at: ['validation'], after: undefined }
      : { at: ['validation', 'username'], after: undefined },
  ]
}

const byAttributes = (options: Options, lacking: Lacking): readonly Wanted[] => {
  const { takesUsernames, usernameLength, requiresEmail, requiresPhone } = connectionRules(options)
  const { max, min } = usernameLength
  const of = (...path: readonly string[]): FieldPath => ['attributes', ...path]
  return [
    ...(takesUsernames
      ? [
          ...(max >= LONGEST_USERNAME
            ? []
            : [{ at: of('username', 'validation', 'max_length'), after: LONGEST_USERNAME }]),
          ...(min <= SHORTEST_USERNAME
            ? []
            : [{ at: of('username', 'validation', 'min_length'), after: SHORTEST_USERNAME }]),
        ]
      : [{ at: of('username'), after: USERNAME }]),
    ...(requiresEmail && lacking.email === 'may be lacking'
      ? [{ at: of('email', 'profile_required'), after: false }]
      : []),
    ...(requiresPhone && lacking.phone === 'may be lacking'
      ? [{ at: of('phone_number', 'profile_required'), after: false }]
      : []),
  ]
}

/** Of a connection that is made: nobody signs up before people have been moved, and nobody guesses passwords for ever. */
export const newOptions = ({ email }: Lacking): Options => ({
  ...(email === 'may be lacking'
    ? { attributes: { email: EMAIL, username: USERNAME } }
    : {
        requires_username: true,
        validation: { username: { min: SHORTEST_USERNAME, max: LONGEST_USERNAME } },
      }),
  disable_signup: true,
  brute_force_protection: true,
})
