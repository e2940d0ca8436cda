import { NAME_FIELDS, type NameField } from '../api/user.ts'
import { isNameFit } from './root-fields.ts'
import { storedText } from './stored-text.ts'
import type { WantedUser } from './wanted-user.ts'

type Placed = Pick<WantedUser, 'names' | 'attributes' | 'leftAttributes'>

/**
 * Where each attribute of the mapping goes: root fields of Auth0's by their names, all others into the app_metadata. Not into the
 * user_metadata, which people may change by themselves.
 */
export const placeAttributes = (attributes: Readonly<Record<string, string>>): Placed => {
  const names: [NameField, string][] = []
  const kept: [string, string][] = []
  const left: string[] = []
  for (const [name, text] of Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const value = storedText(text)
    if (value === undefined) left.push(name)
    else if (isNameField(name)) {
      if (isNameFit(name, value)) names.push([name, value])
      else left.push(name)
    } else if (isKeyFit(name)) kept.push([name, value])
    else left.push(name)
  }
  return { names: Object.fromEntries(names), attributes: Object.fromEntries(kept), leftAttributes: left }
}

const isNameField = (name: string): name is NameField => (NAME_FIELDS as readonly string[]).includes(name)

/** Names in metadata have neither of these signs. */
const isKeyFit = (name: string): boolean => name !== '' && !/[.$\0]/u.test(name) && name.isWellFormed()
