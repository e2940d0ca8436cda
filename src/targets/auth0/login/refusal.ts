import { Syn2opError } from '../../../errors/syn2op-error.ts'
import type { PresentUser } from '../api/user.ts'
import type { Auth0Config } from '../config/auth0-config.ts'
import type { Grant } from './password-grant.ts'

type Refused = Extract<Grant, { readonly kind: 'refused' }>

/** What in the settings lets nobody in, whoever types what; undefined: it is about this person. */
export const settingsError = (
  refused: Refused,
  { application, connection }: { readonly application: string; readonly connection: string },
): Syn2opError | undefined => {
  const { error } = refused
  const told = `Auth0 lets nobody log in by the application ${application}: ${saying(refused)}`
  const wrong = (next: string): Syn2opError => new Syn2opError('target.not-allowed', told, { next: [next] })
  if (error === 'unauthorized_client') {
    return wrong(
      `In the Dashboard, under Applications, ${application}, Advanced Settings, Grant Types, switch on Password; switch it off again afterwards.`,
    )
  }
  if (error === 'invalid_client' || error === 'access_denied') {
    return wrong('See that `application` of auth0.yaml has the id of the application and its secret.')
  }
  if (error === 'invalid_request') {
    return wrong(
      `See that the connection ${connection} is enabled for this application: syn2op auth0 prepare shows it.`,
    )
  }
  return undefined
}

/** Auth0's words, and what they mean for this user. A wrong password and a pepper that is missing look the same to Auth0. */
export const refusalWords = (refused: Refused, user: Pick<PresentUser, 'blocked' | 'loginsCount'>): string => {
  const why = reasonOf(refused, user)
  return why === undefined ? saying(refused) : `${saying(refused)}: ${why}`
}

const saying = ({ error, words }: Refused): string => (words === '' ? error : words.replace(/\.$/u, ''))

const reasonOf = (
  { error }: Refused,
  { blocked, loginsCount }: Pick<PresentUser, 'blocked' | 'loginsCount'>,
): string | undefined => {
  if (blocked) return 'the user is blocked, as who is deactivated or locked in Synapse'
  if (error === 'too_many_attempts') return 'wrong passwords have closed the account for logins from this address'
  if (error === 'password_leaked') return 'the password is in a list of stolen ones, and must be reset'
  if (error !== 'invalid_grant') return undefined
  return loginsCount > 0
    ? 'the password is wrong; Auth0 has hashed it anew since the migration, or its owner has changed it'
    : 'the password is wrong, or was hashed with a pepper that Auth0 was not told'
}

/** No application is named by which anybody could log in. */
export const noApplication = ({ files }: Pick<Auth0Config, 'files'>): Syn2opError =>
  new Syn2opError('config.invalid', `Nobody says by which application passwords are tried at Auth0`, {
    problems: [{ message: '`application` is missing', ...(files[0] === undefined ? {} : { at: { file: files[0] } }) }],
    next: [
      'Make a regular web application in the Dashboard, switch on its grant type Password, enable the connection for it, and name it:',
      'application: { id: …, secret_file: … }',
    ],
  })
