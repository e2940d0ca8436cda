import type { Evidence } from '../evidence.ts'
import type { Answer, Exchange } from '../http/exchange.ts'
import { delegation } from '../metadata/oauth-signs.ts'
import { errcodeOf, objectOf } from '../metadata/reading.ts'
import { exchangeSaid, hasOwnOp, homeserverName, mayHaveMas, notConcerned, said } from './homeserver-saying.ts'
import { isUpstreamOnly, kindOf } from './op/kind.ts'
import { notAsked } from './op/saying.ts'
import type { Judgement, Probe } from './probe.ts'

const HAVE_SECRET = ['To have it asked with the secret: --synapse-config FILE']

/** It need not be open to the world: that it does not answer here proves nothing. */
const hidden = (exchange: Exchange): Judgement => ({
  result: 'not asked',
  seen: `${exchangeSaid(exchange)}: it is not open here, and needs not be. Whether MAS reaches it cannot be told from outside.`,
  remedy: [
    "On the machine of MAS, with matrix.endpoint of MAS's configuration: curl ENDPOINT/_synapse/mas/is_localpart_available (401 is right)",
  ],
})

const judgeWithSecret = (answer: Answer): Judgement => {
  const words = said(answer)
  if (answer.status === 400) return { result: 'pass', seen: 'the homeserver takes the secret' }
  if (answer.status === 403) {
    return {
      result: 'fail',
      seen: `${words}: this secret is not the one that the homeserver runs with`,
      remedy: [
        'Restart Synapse with every worker, where homeserver.yaml was changed since.',
        "Then write the same secret into matrix.secret of MAS's configuration.",
      ],
    }
  }
  if (answer.status === 401) {
    return {
      result: 'fail',
      seen: `${words}, though the secret was sent: something on the way takes it away`,
      remedy: [
        'Have the proxy leave the header Authorization as it is, or have matrix.endpoint of MAS point at Synapse itself.',
      ],
    }
  }
  return {
    result: 'fail',
    seen: words,
    remedy: ['See in the log of the homeserver what it makes of GET /_synapse/mas/is_localpart_available.'],
  }
}

/** Whether Synapse judged the name, as for MAS alone: a free one has `200 {}`, a taken one 400. */
const isOfItself = (answer: Answer): boolean =>
  answer.status < 300 ? objectOf(answer.json) !== undefined : answer.status === 400 && errcodeOf(answer) !== undefined

const judge = (evidence: Evidence): Judgement => {
  const open = evidence.asked.masApi
  if (open === undefined) return notAsked(evidence, 'masApi', HAVE_SECRET)
  if (hasOwnOp(evidence)) {
    return notConcerned('The homeserver has an OP of its own, and needs no MAS.')
  }
  if (!mayHaveMas(evidence)) {
    return notConcerned(`The homeserver is ${homeserverName(evidence)}: MAS is for Synapse alone.`)
  }
  const { answer } = open
  if (answer !== undefined && isOfItself(answer)) {
    return {
      result: 'fail',
      seen: `${said(answer)} to a question without the secret: it is open to everybody`,
      remedy: ['Take /_synapse/mas out of the proxy at once, and see what adds the secret on the way.'],
    }
  }
  const isOff = answer?.status === 404 && errcodeOf(answer) === 'M_UNRECOGNIZED'
  if (delegation(evidence) !== 'on') {
    return notConcerned(
      isOff
        ? 'The homeserver delegates to no MAS.'
        : `Whether the homeserver delegates to MAS is not known: ${exchangeSaid(open)}.`,
    )
  }
  if (isOff) {
    return isUpstreamOnly(kindOf(evidence))
      ? notConcerned('The homeserver delegates to no MAS.')
      : {
          result: 'fail',
          seen: '404 M_UNRECOGNIZED: the homeserver that answers here has MAS off',
          remedy: [
            'In homeserver.yaml: matrix_authentication_service.enabled: true, and restart every worker.',
            'See that the proxy sends /_synapse/mas to the main process, or to a worker of the same configuration; or keep it closed with 403.',
          ],
        }
  }
  const secret = evidence.asked.masApiSecret
  if (secret?.answer !== undefined && errcodeOf(secret.answer) !== undefined) return judgeWithSecret(secret.answer)
  if (secret?.answer?.status === 200 && objectOf(secret.answer.json) !== undefined)
    return judgeWithSecret(secret.answer)
  if (answer === undefined || errcodeOf(answer) === undefined) return hidden(open)
  if (answer.status === 401 || answer.status === 403) {
    return {
      result: 'pass',
      seen: `it wants the secret: ${said(answer)}. Whether MAS has the right one was not asked.`,
    }
  }
  return hidden(open)
}

export const MAS_API_PROBES: readonly Probe[] = [
  {
    code: 'MAS_API',
    part: 'both',
    title: 'The homeserver has the API that MAS makes accounts and devices by, and takes their secret alone',
    spec: 'Synapse with MAS',
    stability: 'stable',
    level: 'error',
    why: 'MAS makes nobody an account and no session a device: people who log in see an error page of MAS after their password.',
    judge,
  },
]
