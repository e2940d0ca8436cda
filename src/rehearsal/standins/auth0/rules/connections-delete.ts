import { MINUTE, waiting } from './examples.ts'
import { article, inferred, specified } from './published.ts'
import { ANN_PATH, ANN_THERE, deleting, gone, posting, refused, withoutScope } from './requests.ts'
import type { Rule } from './rule.ts'
import { says } from './users-published.ts'

const PATH = '/api/v2/connections/{connection}'

const ANEW = { name: '{connection name}', strategy: 'auth0' }

/** What becomes of a connection, its users and its name. */
export const CONNECTIONS_DELETE_RULES: readonly Rule[] = [
  {
    id: 'connections.delete',
    says: 'Deleting a connection deletes all its users.',
    sources: [
      says('connectionGone', 'Removes a specific connection from your tenant. This action cannot be undone.'),
      article(
        'How to delete all users on a connection',
        'https://community.auth0.com/t/how-to-delete-all-users-on-a-connection/151148',
        'Deleting a connection removes all users residing on that connection and is not reversible.',
      ),
      specified('DELETE /connections/{id}', '"responses": {"202", "204", "400", "401", "403", "429"}'),
    ],
    keeps: { given: ANN_THERE, steps: [deleting(PATH)] },
    breaks: [
      { wrong: 'a user read after it', given: ANN_THERE, steps: [deleting(PATH)], refusal: gone(ANN_PATH) },
      {
        wrong: 'may only change',
        steps: [deleting(PATH, { scopes: ['update:connections'] })],
        refusal: withoutScope,
      },
    ],
  },
  {
    id: 'connections.delete.later',
    says: 'A connection that is deleted with its users goes on being deleted after the answer: its name may be taken until then.',
    sources: [
      inferred(says('connectionGone', 'this operation can be long running after the response is returned')),
      inferred(
        says(
          'newConnection',
          'Creating a new connection with that name before the deletion completes may fail or produce unexpected results.',
        ),
      ),
    ],
    keeps: { given: ANN_THERE, steps: [deleting(PATH), waiting(MINUTE), posting('/api/v2/connections', ANEW)] },
    breaks: [
      {
        wrong: 'one of the same name made at once',
        given: ANN_THERE,
        steps: [deleting(PATH), posting('/api/v2/connections', ANEW)],
        refusal: refused(409),
      },
    ],
  },
]
