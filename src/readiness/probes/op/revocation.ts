import type { Evidence } from '../../evidence.ts'
import type { Exchange } from '../../http/exchange.ts'
import { isPutOff } from '../../too-often.ts'
import type { Judgement, Probe } from '../probe.ts'
import { judgedDocument } from './documents.ts'
import { answerWords, errorOf, exchangeWords, noDocument, notAsked } from './saying.ts'

const refused = (seen: string, remedy: string): Judgement => ({ result: 'fail', seen, remedy: [remedy] })

const judgeAnswered = (exchange: Exchange, as: string): Judgement => {
  const { answer } = exchange
  if (answer === undefined) {
    return refused(exchangeWords(exchange), 'Have the revocation endpoint answer: OP_ROUTES says more.')
  }
  const words = `${answerWords(answer)}, ${as}`
  if (answer.status === 200) {
    const empty =
      answer.text === ''
        ? ' The body is empty, as RFC 7009 has it; Element Web of matrix-js-sdk 42.0 logs an error for that, and logs out all the same.'
        : ''
    return { result: 'pass', seen: `${words}.${empty}` }
  }
  if (answer.status > 200 && answer.status < 300) {
    return refused(
      `${words}: Element X takes 200 alone`,
      'Have the OP, or the proxy before it, answer exactly 200 (RFC 7009 §2.2).',
    )
  }
  return refused(
    words,
    answer.status === 401
      ? 'Have the OP take revocations of public clients by their client_id alone (method `none`).'
      : 'An unknown token is revoked already: RFC 7009 §2.2 asks for 200. Update the OP, or tell its makers.',
  )
}

/** Without a client most OPs refuse before they look at the token; what is no refusal of the client says something. */
const judgeWithoutClient = (evidence: Evidence, exchange: Exchange | undefined): Judgement => {
  const answer = exchange?.answer
  if (exchange !== undefined && answer !== undefined) {
    const isJudged = answer.status === 200 || errorOf(answer.json) === 'invalid_grant'
    if (isJudged) return judgeAnswered(exchange, 'to no client at all')
  }
  const wasTried = (['registration', 'registrationNative'] as const).some((name) => isPutOff(evidence, name))
  return notAsked(
    evidence,
    'revokeRegistered',
    wasTried ? [] : ['Have a client registered to ask with: --register, or --walk'],
  )
}

const isDown = ({ answer }: Exchange): boolean => answer === undefined || answer.status >= 500

const revocation: Probe = {
  code: 'REVOCATION',
  part: 'op',
  title: 'The OP takes back a token for a client, and one that it does not know with 200',
  spec: 'RFC 7009 §2.2; MSC4254, Matrix 1.15',
  stability: 'stable',
  level: 'warning',
  why: 'People are logged out of the app, and the session stays in their list of devices. Element X wants exactly 200 and https.',
  judge: (evidence) => {
    if (judgedDocument(evidence) === undefined) return noDocument(evidence)
    const { revokeRegistered, revokeJunk } = evidence.asked
    if (revokeRegistered === undefined) return judgeWithoutClient(evidence, revokeJunk)
    if (isDown(revokeRegistered) && revokeJunk !== undefined && isDown(revokeJunk)) {
      return { result: 'not asked', seen: 'Nobody takes revocations there: OP_ROUTES says why.' }
    }
    return judgeAnswered(revokeRegistered, 'to a client that is registered')
  },
}

export const REVOCATION_PROBES: readonly Probe[] = [revocation]
