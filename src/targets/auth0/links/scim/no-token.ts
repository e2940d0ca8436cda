import { Syn2opError } from '../../../../errors/syn2op-error.ts'
import type { PresentScimToken } from '../../api/scim-api.ts'
import { minuteOf } from '../../jobs/import-notes.ts'
import { isAsOurs } from './left-tokens.ts'

/** Why there is no token for the SCIM endpoint of a connection. */
export const refusal = (connection: string, why: string, next: readonly string[] = []): Syn2opError =>
  new Syn2opError('target.not-allowed', `The connection ${connection}, whose people are to be made by SCIM, ${why}`, {
    next: [
      ...next,
      '`syn2op check` says what it needs, and `syn2op auth0 prepare` sets inbound SCIM up.',
      `Or \`link: action\` at the connection ${connection} in auth0.yaml.`,
    ],
  })

/** A token that another run may be at work with is not taken from it. */
export const noRoom = (connection: string, others: readonly PresentScimToken[]): Syn2opError => {
  const ends = others.flatMap((one) => (isAsOurs(one) && one.until !== undefined ? [one.until] : []))
  const wait =
    ends.length === 0
      ? []
      : [
          `One may be of another run of syn2op, at work or dead: it ends by itself at ${minuteOf(Math.min(...ends))}. Run the command again then.`,
        ]
  return refusal(connection, 'has two tokens for SCIM in use, as many as Auth0 allows', [
    ...wait,
    'Delete one that nobody needs, in the Dashboard under Authentication, Enterprise, the connection, Provisioning.',
  ])
}
