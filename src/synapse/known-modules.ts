/** What is known of a module of Synapse by its name: who logs in through it. */
export interface KnownModule {
  /** In words, such as `LDAP`. */
  readonly what: string
  /**
   * How people, or programs in their name, log in through it: with a password that stands elsewhere (`password`), or with
   * something else (`token`). Absent: nobody does.
   */
  readonly login?: 'password' | 'token'
  /** Has a say in sign-ups through the callbacks of password providers, which Synapse refuses beside MAS. */
  readonly signUp?: 'judged'
}

/** By the Python package, the first part of the name of the class. Source: the documentation of each module. */
const MODULES: Readonly<Record<string, KnownModule>> = {
  ldap_auth_provider: { what: 'LDAP', login: 'password' },
  rest_auth_provider: { what: 'a REST service', login: 'password' },
  pam_auth_provider: { what: 'PAM, the users of the machine', login: 'password' },
  shared_secret_authenticator: { what: 'a shared secret, for bridges and tools', login: 'token' },
  synapse_token_authenticator: { what: 'tokens of another service', login: 'token' },
  synapse_auto_accept_invite: { what: 'invitations accepted by themselves' },
  synapse_invite_checker: { what: 'rules for invitations' },
  synapse_user_restrictions: { what: 'rules for what people may do' },
  synapse_domain_rule_checker: { what: 'rules for domains' },
  mjolnir: { what: 'a filter against spam' },
  username_from_threepid: { what: 'names taken from e-mail addresses or phone numbers at sign-up', signUp: 'judged' },
  threepid_checker: { what: 'rules for e-mail addresses and phone numbers at sign-up', signUp: 'judged' },
  synapse_guest_module: { what: 'guests with accounts of their own', signUp: 'judged' },
  email_account_validity: { what: 'accounts that expire' },
}

/** Where LDAP was a part of Synapse itself. */
const OLD_LDAP = 'synapse.util.ldap_auth_provider.'

/** Undefined: of a module of this name nothing is known. */
export const knownModule = (name: string): KnownModule | undefined => {
  const [first = ''] = name.startsWith(OLD_LDAP) ? ['ldap_auth_provider'] : name.split('.')
  return Object.hasOwn(MODULES, first) ? MODULES[first] : undefined
}
