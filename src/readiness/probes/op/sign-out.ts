import { memberOf } from '../../metadata/reading.ts'
import type { Probe } from '../probe.ts'
import { judgedDocument, textField } from './documents.ts'
import { isHomeserversOwn, kindOf } from './kind.ts'
import { noDocument } from './saying.ts'

const opSignOut: Probe = {
  code: 'OP_SIGN_OUT',
  part: 'op',
  title: 'A client can have people logged out of the OP as well (RP-initiated logout)',
  spec: 'OpenID Connect RP-Initiated Logout 1.0; no specification of Matrix asks for it',
  stability: 'stable',
  level: 'info',
  why: 'No Matrix client uses it. After logging out of an app, the browser is still logged in at the OP: on a machine of several people the next one is let in without a password.',
  judge: (evidence) => {
    const document = judgedDocument(evidence)
    if (document === undefined) return noDocument(evidence)
    const endpoint = textField(document, 'end_session_endpoint')
    return endpoint === undefined
      ? {
          result: 'fail',
          seen: 'The document has no end_session_endpoint.',
          remedy: ['Nothing, but tell people on shared machines to log out on the account page too.'],
        }
      : { result: 'pass', seen: endpoint }
  },
}

const notices: Probe = {
  code: 'SIGN_OUT_NOTICES',
  part: 'op',
  title: 'The OP tells of it when somebody is logged out or deactivated there',
  spec: 'OpenID Connect Back-Channel Logout 1.0; the API of Synapse for MAS',
  stability: 'stable',
  level: 'info',
  why: 'Who is logged out or locked at the OP goes on in the apps until the access token ends, or for good with legacy logins.',
  judge: (evidence) => {
    const document = judgedDocument(evidence)
    if (document === undefined) return noDocument(evidence)
    const kind = kindOf(evidence)
    if (kind === 'MAS') {
      return { result: 'pass', seen: 'MAS tells the homeserver by /_synapse/mas: MAS_API says whether it can.' }
    }
    if (isHomeserversOwn(kind)) return { result: 'pass', seen: `${kind} is the homeserver and the OP: it knows.` }
    if (memberOf(document, 'backchannel_logout_supported') === true) {
      return {
        result: 'pass',
        seen: 'backchannel_logout_supported: MAS and Synapse take such notices, where their provider is set so.',
      }
    }
    return {
      result: 'fail',
      seen: 'The document does not say backchannel_logout_supported.',
      remedy: ['Lock people at the homeserver too, or end their sessions in MAS, when they leave.'],
    }
  },
}

export const SIGN_OUT_PROBES: readonly Probe[] = [opSignOut, notices]
