import type { Evidence } from '../../evidence.ts'
import type { Judgement, Probe } from '../probe.ts'
import { answerWords, exchangeWords, isHtml, member, notAsked, tooOften } from './saying.ts'

const SECRETS =
  "`matrix_authentication_service.secret` in homeserver.yaml and `matrix.secret` in MAS's configuration have to be the same, or the files that `secret_path` and `secret_file` name: see for a line break at the end."

const failed = (seen: string, remedy: string): Judgement => ({ result: 'fail', seen, remedy: [remedy] })

const judge = (evidence: Evidence): Judgement => {
  const exchange = evidence.asked.introspectSecret
  if (exchange === undefined) return notAsked(evidence, 'introspectSecret')
  const patience = tooOften(exchange)
  if (patience !== undefined) return patience
  if (exchange.answer === undefined) {
    return failed(
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
  if (answer.status === 401 || answer.status === 403) return failed(`${words}: MAS has another secret`, SECRETS)
  if (answer.status === 404 || answer.status === 405 || isHtml(answer)) {
    return failed(
      `${words}: no introspection there`,
      'See where the proxy sends /oauth2/introspect; or point `matrix_authentication_service.endpoint` at MAS itself, past the proxy.',
    )
  }
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
