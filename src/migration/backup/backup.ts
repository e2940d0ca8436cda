/** What the administrator says of a backup: a file or folder that holds it, or when it was made. Not needed: what is written to is thrown away. */
export type BackupGiven =
  | { readonly file: string }
  /** Milliseconds since 1970. */
  | { readonly at: number }
  | 'not needed'

/** What was seen of it. Nobody can see whether it can be restored. */
export type BackupSeen =
  | { readonly state: 'not said' }
  | { readonly state: 'not there'; readonly file: string }
  | { readonly state: 'empty'; readonly file: string }
  /** The system's reason, such as EACCES. */
  | { readonly state: 'closed to us'; readonly file: string; readonly why: string }
  /** When it was last written to, or is said to have been made: milliseconds since 1970. */
  | { readonly state: 'made'; readonly at: number; readonly file?: string }
