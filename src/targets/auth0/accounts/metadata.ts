import type { PresentUser } from '../api/user.ts'
import { encodeMarks, MARKS, type Marks } from './marks.ts'
import type { UserThen } from './user-then.ts'
import { addressesAt, type WantedThreepid } from './wanted-threepids.ts'

/** Where in the app_metadata the data is for which Auth0 has no field. */
const MATRIX = 'matrix'

export type Metadata = Readonly<Record<string, unknown>>

/** All of the app_metadata that we write. */
export const toAppMetadata = (then: UserThen, marks: Marks): Metadata => ({
  [MARKS]: encodeMarks(marks),
  [MATRIX]: toMatrix(then),
})

/** As it goes into a patch: Auth0 replaces each key of the first level as a whole, and keeps the others. */
export const changedMetadata = (present: PresentUser, then: UserThen, marks: Marks): Metadata => {
  const before = matrixOf(present)
  const [was, is] = [toMatrix(presentHoldings(present)), toMatrix(then)]
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  )
  if (changed.length === 0) return { [MARKS]: encodeMarks(marks) }
  // What somebody else has put there stays as it is.
  const others = Object.entries(before).filter(([key]) => !changed.includes(key))
  const ours = changed.flatMap((key) => (is[key] === undefined ? [] : [[key, is[key]] as const]))
  return { [MARKS]: encodeMarks(marks), [MATRIX]: Object.fromEntries([...others, ...ours]) }
}

/** In an order that does not tell how it came about. */
const toMatrix = ({ createdAt, isAdmin, held, notes, ...then }: UserThen): Metadata => {
  const [emails, phones] = [addressesAt(held, 'emails').toSorted(), addressesAt(held, 'phones').toSorted()]
  const attributes = Object.entries(then.attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return {
    ...(createdAt === undefined ? {} : { created_at: createdAt }),
    ...(isAdmin ? { admin: true } : {}),
    ...(emails.length === 0 ? {} : { emails }),
    ...(phones.length === 0 ? {} : { phones }),
    ...(notes.length === 0 ? {} : { external_ids: notes.toSorted() }),
    ...(attributes.length === 0 ? {} : { attributes: Object.fromEntries(attributes) }),
  }
}

const OURS: ReadonlySet<string> = new Set(['created_at', 'admin', 'emails', 'phones', 'external_ids', 'attributes'])

/** Whether there is metadata of a kind that we never write. */
export const hasOthersMetadata = (present: PresentUser): boolean =>
  Object.keys(present.userMetadata).length > 0 ||
  Object.keys(present.appMetadata).some((key) => key !== MARKS && key !== MATRIX) ||
  Object.keys(matrixOf(present)).some((key) => !OURS.has(key))

/** Whether there is any, whoever wrote it. */
export const hasMetadata = ({ appMetadata, userMetadata }: PresentUser): boolean =>
  Object.keys(appMetadata).length + Object.keys(userMetadata).length > 0

/** What a user holds of all that we may have written. What is of another shape than ours is not seen as ours. */
export const presentHoldings = (present: PresentUser): UserThen => {
  const matrix = matrixOf(present)
  const { username, names, blocked, email, phoneNumber } = present
  const createdAt = matrix['created_at']
  return {
    ...(username === undefined ? {} : { username }),
    names,
    attributes: textsByName(matrix['attributes']),
    blocked,
    isAdmin: matrix['admin'] === true,
    ...(typeof createdAt === 'string' ? { createdAt } : {}),
    held: [
      ...at('email', email === undefined ? [] : [email]),
      ...at('phone', phoneNumber === undefined ? [] : [phoneNumber]),
      ...at('emails', texts(matrix['emails'])),
      ...at('phones', texts(matrix['phones'])),
    ],
    notes: texts(matrix['external_ids']),
  }
}

const at = (place: WantedThreepid['place'], values: readonly string[]): readonly WantedThreepid[] =>
  [...new Set(values)].map((value) => ({ place, value }))

const matrixOf = ({ appMetadata }: Pick<PresentUser, 'appMetadata'>): Metadata => objectOf(appMetadata[MATRIX])

const objectOf = (value: unknown): Metadata => (isObject(value) ? value : {})

const isObject = (value: unknown): value is Metadata =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

const textsByName = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(objectOf(value)).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
  )
