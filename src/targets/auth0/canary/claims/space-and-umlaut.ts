import type { Claim } from '../claim.ts'
import { getsIn } from './logging-in.ts'

/** Auth0 publishes that passwords have letters of ASCII from 33 on, which leaves out the space; whether its login holds them to it, it does not. */
export const SPACE_AND_UMLAUT: Claim = {
  id: 'password.space-and-umlaut',
  says: 'A password with a space and an `ü` lets its owner in.',
  otherwise:
    'Whose password has a space, or a letter outside ASCII, is refused at Auth0 and has to reset it: tell people beforehand.',
  ask: (probing) => getsIn(probing, probing.probes.spaced, 'logged in, by the API'),
}
