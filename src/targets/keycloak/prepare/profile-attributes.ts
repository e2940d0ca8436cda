import { Syn2opError } from '../../../errors/syn2op-error.ts'

/** An attribute that accounts of Synapse get. */
export interface WantedAttribute {
  readonly name: string
  /** As the console of Keycloak shows it. */
  readonly displayName: string
  readonly multivalued: boolean
  /** Whether people see it in their own account; none of these can they change. */
  readonly users: 'see' | 'nothing'
}

/** By which syn2op knows its own accounts again: who may write them may make others' accounts ours. */
const MARKS: readonly WantedAttribute[] = [
  ['syn2op_server', 'Homeserver (syn2op)'],
  ['syn2op_run', 'Run (syn2op)'],
  ['syn2op_written', 'Last written (syn2op)'],
].map(([name = '', displayName = '']) => ({ name, displayName, multivalued: true, users: 'nothing' }))

/** What people read in their account, of the names that the mapping for Keycloak comes with. */
const SHOWN_AS: ReadonlyMap<string, string> = new Map([
  ['matrix_user_id', 'Matrix ID'],
  ['displayname', 'Display name'],
])

/** Fields of every account, declared by Keycloak itself. */
const OWN_FIELDS = ['username', 'email', 'firstName', 'lastName']

/** The marks, and then these, each once. */
export const wantedAttributes = (attributes: readonly WantedAttribute[]): readonly WantedAttribute[] => {
  const names = new Set(OWN_FIELDS)
  return [...MARKS, ...attributes].filter(({ name }) => !names.has(name) && names.add(name))
}

export interface AttributeNames {
  /** Names that the mapping gives. */
  readonly mapping: readonly string[]
  /** Names for the addresses that are not the primary one, and for telephone numbers. */
  readonly emails: string
  readonly phones: string
}

/**
 * The attributes that the rules and keycloak.yaml ask for.
 * @throws Syn2opError config.invalid where Keycloak refuses a name.
 */
export const attributesAskedFor = ({ mapping, emails, phones }: AttributeNames): readonly WantedAttribute[] => {
  const refused = [...mapping, emails, phones].filter((name) => !/^[a-zA-Z0-9._-]+$/.test(name))
  if (refused.length > 0) {
    throw new Syn2opError('config.invalid', `Keycloak takes no attribute of the name ${refused.join(', ')}`, {
      next: ['Name it with letters, digits, dots, dashes and underscores only, in the rules file or in keycloak.yaml.'],
    })
  }
  return [
    ...[
      { name: emails, displayName: 'Further e-mail addresses' },
      { name: phones, displayName: 'Telephone numbers' },
    ].map((attribute) => ({ ...attribute, multivalued: true, users: 'see' as const })),
    ...mapping.map((name) => ({
      name,
      displayName: SHOWN_AS.get(name) ?? name,
      multivalued: false,
      users: 'see' as const,
    })),
  ]
}
