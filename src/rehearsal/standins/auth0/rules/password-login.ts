import type { Refusal, Step } from './rule.ts'

/** Somebody logs in to the database connection with a password, through the application of the trials. */
export const loggingIn = (username: string, password: string): Step => ({
  kind: 'request',
  request: {
    method: 'POST',
    path: '/oauth/token',
    as: 'nobody',
    json: {
      grant_type: 'http://auth0.com/oauth/grant-type/password-realm',
      client_id: '{client}',
      client_secret: '{secret}',
      realm: '{connection name}',
      username,
      password,
    },
  },
})

export const WRONG_PASSWORD: Refusal = {
  kind: 'answer',
  status: 403,
  error: 'invalid_grant',
  message: 'Wrong email or password.',
}
