import type { FindingEntry } from '../entry.ts'

/** Findings about what Auth0 has no place for, or takes otherwise: names, passwords, addresses of people who are moved there. */
export const AUTH0_ACCOUNT_FINDINGS = {
  AUTH0_PEPPER: {
    severity: 'error',
    title: "Auth0 is not told the pepper of Synapse's passwords",
    why: "Synapse mixes its pepper into every password before it is hashed. Auth0 can check such a hash only where it is told the pepper beside it; without it everybody's password would be refused as wrong.",
    remedy:
      'In auth0.yaml, `pepper: disclose` consents to it; or leave the passwords with `passwords: leave`, and everybody sets a new one.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PEPPER_DISCLOSED: {
    severity: 'notice',
    title: "Auth0 learns the pepper of Synapse's passwords",
    why: 'auth0.yaml consents to it. The pepper is sent in clear beside every hash, over TLS, and Auth0 keeps it beside each until its owner first logs in. Whoever gets hold of both can try passwords against the hashes.',
    remedy:
      'Once Synapse checks no password any more, its pepper protects nothing: delete it with the old hashes there.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PEPPER_LONG: {
    severity: 'warning',
    title: 'The pepper is long, and Auth0 may leave passwords only what it leaves of 72 bytes',
    why: 'bcrypt sees 72 bytes. Synapse puts the pepper behind the password and cuts what is too much: of a long pepper only its beginning counts. What Auth0 publishes of a salt can be read so that it cuts the password instead, to what the whole pepper leaves. If it does, everybody with a longer password is refused as wrong.',
    remedy:
      '`syn2op auth0 canary` asks the tenant: password.with-a-long-pepper. Once it is confirmed there, accept this; where it is refuted, leave the passwords with `passwords: leave`.',
    kind: 'data',
    names: 'things',
  },
  AUTH0_PASSWORDS_UNSEEN: {
    severity: 'notice',
    title: 'Some passwords may not fit at Auth0, and no hash tells which',
    why: 'Synapse normalises a password (NFKC) before it is hashed, and Auth0 does not say that it does: some typed in full-width letters, ligatures or decomposed characters are then refused as wrong. Auth0 publishes that its passwords have 72 bytes at most, and no letter but those of ASCII from ! to ~: no space, no umlaut. Whether one that Synapse has, with others or longer, may still be typed, it does not say. A pepper may leave less room than that.',
    remedy:
      '`syn2op auth0 canary` asks the tenant: password.space-and-umlaut, password.with-a-long-pepper. Tell people that whoever is refused sets a new password by "Forgot password?".',
    kind: 'data',
    names: 'things',
  },
  AUTH0_USERNAMES_ESCAPED: {
    severity: 'warning',
    title: 'Usernames that are spelled otherwise at Auth0',
    why: 'Auth0 does not take all letters of Matrix names, among them / and =, and none that looks like an e-mail address or a phone number. Each such letter becomes ~ and two hexadecimal digits (/ is ~2f, = is ~3d): these people type that, or their e-mail address. Their Matrix id stays.',
    remedy:
      'Tell these people, give them another username in the mapping (`usernames`), or move them without one: `usernames: {unfit: leave}` in auth0.yaml.',
    kind: 'data',
  },
  AUTH0_USERNAMES_LEFT: {
    severity: 'warning',
    title: 'People who are moved without a username',
    why: 'Auth0 does not take theirs, and auth0.yaml says to leave it (`usernames: {unfit: leave}`): they log in with their e-mail address or phone number only.',
    remedy: 'Tell these people, or have the letters escaped: `usernames: {unfit: escape}` in auth0.yaml.',
    kind: 'data',
  },
  AUTH0_WITHOUT_EMAIL: {
    severity: 'warning',
    title: 'People without an e-mail address are not moved',
    why: 'auth0.yaml says so: `email: {without: refuse}`.',
    remedy: 'Have each add an address in Synapse before, or write `email: {without: allow}`.',
    kind: 'data',
  },
  AUTH0_NO_IDENTIFIER: {
    severity: 'warning',
    title: 'People with nothing to log in with at Auth0',
    why: 'Without a username, an e-mail address and a phone number that the connection takes, Auth0 takes nobody: these accounts are not moved.',
    remedy: 'Let the connection take usernames: `syn2op auth0 prepare --apply`.',
    kind: 'data',
  },
  AUTH0_PHONES_KEPT: {
    severity: 'notice',
    title: 'Phone numbers that nobody can log in with',
    why: 'The connection takes no phone numbers, or these people have more than one: they are kept in the metadata of their users.',
    remedy:
      'Where people log in with their phone number, add the phone attribute to the connection before the migration.',
    kind: 'data',
  },
  AUTH0_METADATA_LARGE: {
    severity: 'warning',
    title: 'People with more than Auth0 keeps of one user',
    why: 'Auth0 keeps 10 KB of metadata of each user. What does not fit is left behind and counted in the plan: first attributes of the mapping, then phone numbers, then further e-mail addresses.',
    remedy: 'Make fewer or shorter attributes in the mapping (`attributes`), or accept it.',
    kind: 'data',
  },
} as const satisfies Record<string, FindingEntry>
