/** What a tenant does where Auth0's texts leave it open, or contradict each other. */
export interface Readings {
  /**
   * bcrypt sees 72 bytes. `joined`: password and salt are put together and cut, as Synapse does. `password`: the salt stays whole,
   * and the password is cut to what it leaves of the 72.
   */
  readonly cutTo72: 'joined' | 'password'
  /** Of a password that somebody logs in with: any, or ASCII 33 to 126 alone, as of one that is set. */
  readonly lettersAtLogin: 'any' | '33 to 126'
  /** What another hash is, by an import with upsert: taken, also as a reset of the password that is told of, or refused. */
  readonly hashByUpsert: 'taken' | 'a reset' | 'refused'
  /** Of an export for which no `limit` is sent: everybody, or so many as the specification's default says. */
  readonly exportedWithoutLimit: 'everybody' | 5
  /** Milliseconds for which an export does not show yet who was made. */
  readonly exportLag: number
  /** By what errors of a row name an identifier: as the row does, or within the user's identity, as was seen of `email`. */
  readonly errorPaths: 'of the row' | 'of the identity'
}

/** As whoever moves people from Synapse hopes it is. */
export const USUAL_READINGS: Readings = {
  cutTo72: 'joined',
  lettersAtLogin: 'any',
  hashByUpsert: 'taken',
  exportedWithoutLimit: 'everybody',
  exportLag: 0,
  errorPaths: 'of the row',
}
