import { expect, it } from 'vitest'
import { userIdOf } from '../../../../../src/targets/auth0/accounts/user-id.ts'

// By Python's uuid.uuid5: people have moved under such ids, and their tokens and links hold them.
it.each([
  ['people', '@anna:example.org', 'auth0|f8b15cf9a77b586580872f2a27c98c2e'],
  ['matrix', '@anna:example.org', 'auth0|a596937255df5323ba0410579950b960'],
  ['people', '@jörg/ü=1:example.org:8448', 'auth0|8649776c747e5466b580b611d44064c6'],
])('in %s, %s has the same user_id in every version', (connection, mxid, id) => {
  expect(userIdOf(connection, mxid)).toBe(id)
})
