/** What the process tells its caller. Documented for administrators in docs/reference/codes.md. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  planHasChanges: 2,
  someRejected: 3,
  notAllowed: 4,
  unavailable: 5,
  checkErrors: 10,
  checkWarnings: 11,
  verifyDifferences: 12,
  usage: 64,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]
