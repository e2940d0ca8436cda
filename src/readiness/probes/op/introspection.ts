import type { Evidence } from '../../evidence.ts'
import { isOtherOp } from '../../metadata/accepted.ts'
import { errcodeOf } from '../../metadata/reading.ts'
import { SAME_SECRET, SEE_MAS_FROM_SYNAPSE } from '../homeserver-remedies.ts'
import { hasMas } from '../homeserver-saying.ts'
import type { Judgement, Probe } from '../probe.ts'
import { answerWords, exchangeWords, isOwnError, member, notAsked } from './saying.ts'

/** That Synapse finds out whose a token is, and so asks MAS with success, wherever it asks: not one that is another OP than its own. */
const isTold = (evidence: Evidence): boolean => {
  const answer = evidence.asked.whoami?.answer
  return hasMas(evidence) && !isOtherOp(evidence) && answer?.status === 401 && errcodeOf(answer) === 'M_UNKNOWN_TOKEN'
}

/** Synapse need not ask at the address of the metadata: what is closed there says nothing of what it can. */
const closed = (words: string): Judgement => ({
  result: 'not asked',
  seen: `${words}: introspection is not open here, and needs not be where \`matrix_authentication_service.endpoint\` leads elsewhere. TOKENS_CHECKED tells whether Synapse can ask.`,
  remedy: SEE_MAS_FROM_SYNAPSE,
})

const failed = (seen: string, remedy: string): Extract<Judgement, { readonly result: 'fail' }> => ({
  result: 'fail',
  seen,
  remedy: [remedy],
})

const judge = (evidence: Evidence): Judgement => {
  const exchange = evidence.asked.introspectSecret
  if (exchange === undefined) return notAsked(evidence, 'introspectSecret')
  if (exchange.answer === undefined) {
    return isTold(evidence)
      ? closed(exchangeWords(exchange))
      : failed(
          exchangeWords(exchange),
          "Have MAS answer where `matrix_authentication_service.endpoint` leads, from the homeserver's machine.",
        )
  }
  const { answer } = exchange
  const words = answerWords(answer)
  const active = member(answer.json, 'active')
  if (answer.status === 200 && active === false) {
    return { result: 'pass', seen: 'MAS takes the secret, and knows no such token.' }
  }
  if (answer.status === 200 && active === true) {
    return failed(
      'MAS takes a token for good that nobody was ever given.',
      'Take the OP from the net: whatever answers there lets anybody in.',
    )
  }
  if ((answer.status === 401 || answer.status === 403) && isOwnError(answer.json)) {
    return isTold(evidence)
      ? {
          ...failed(
            `${words}: MAS has another secret than this homeserver.yaml, and the one that Synapse runs with`,
            'See that --synapse-config names the file that Synapse runs with: once it starts with this one, nobody gets in.',
          ),
          level: 'warning',
        }
      : failed(`${words}: MAS has another secret`, SAME_SECRET)
  }
  const isShut = answer.status < 500 && (answer.json === undefined || [401, 403, 404, 405].includes(answer.status))
  if (isShut || isTold(evidence)) return closed(words)
  return failed(words, 'See in the log of MAS what it makes of POST /oauth2/introspect.')
}

const introspection: Probe = {
  code: 'INTROSPECTION',
  part: 'both',
  title: 'The OP tells the homeserver, by their secret, whose a token is',
  spec: 'RFC 7662; Synapse with MAS',
  stability: 'stable',
  level: 'error',
  why: 'Without it Synapse answers 503 to every request of everybody who logged in by MAS: apps say that the server cannot be reached.',
  judge,
}

export const INTROSPECTION_PROBES: readonly Probe[] = [introspection]
