import type { Evidence } from '../evidence.ts'
import { memberOf, objectOf } from '../metadata/reading.ts'
import { CLIENT_NAME } from './client-bodies.ts'
import { opProduct } from './products.ts'
import { clientsLeft, type Registered } from './registered.ts'

/** How a client goes that its OP did not take away for us. */
const REMOVALS: ReadonlyMap<string, string> = new Map([
  [
    'MAS',
    'MAS has no way to take a client away. It holds no session and no secret, and asking again gives the same one: nothing has to be done',
  ],
  [
    'Tuwunel',
    'Tuwunel has no way to take a client away. It holds no session and no secret, and asking again gives the same one: nothing has to be done',
  ],
  [
    'continuwuity',
    'continuwuity has no way to take a client away. It holds no session and no secret: nothing has to be done',
  ],
  ['Keycloak', 'Delete it in the admin console of Keycloak, under Clients of the realm'],
  ['Okta', 'Delete it in the admin console of Okta, under Applications'],
  ['Auth0', 'Delete it in the dashboard of Auth0, under Applications'],
])

/** What is at the servers still, each with how to take it away, one text each. */
export const leftBehind = (evidence: Evidence): readonly string[] => {
  const product = opProduct(evidence)
  const removal = REMOVALS.get(product ?? '') ?? 'Delete it where the OP lists its clients'
  const where = product ?? 'the OP'
  return [
    ...clientsLeft(evidence).map(
      (client: Registered) => `The client “${CLIENT_NAME}” (${client.id}) at ${where}. ${removal}.`,
    ),
    ...deviceLogin(evidence),
  ]
}

const deviceLogin = ({ asked }: Evidence): readonly string[] => {
  const answer = asked.deviceAuthorization?.answer
  const document = answer?.status === 200 ? objectOf(answer.json) : undefined
  if (typeof memberOf(document, 'device_code') !== 'string') return []
  const seconds = memberOf(document, 'expires_in')
  const time = typeof seconds === 'number' ? ` within ${Math.ceil(seconds / 60)} minutes` : ''
  return [`A login by device code that nobody confirmed, at the OP. It ends by itself${time}: nothing has to be done.`]
}
