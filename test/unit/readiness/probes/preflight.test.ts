import { describe, expect, it } from 'vitest'
import type { Exchange } from '../../../../src/readiness/http/exchange.ts'
import { HOMESERVER_CORS_PROBES } from '../../../../src/readiness/probes/homeserver-cors.ts'
import type { Judgement } from '../../../../src/readiness/probes/probe.ts'
import { answered, failed } from '../../../support/readiness/evidence.ts'
import { productWith } from '../../../support/readiness/whole-products.ts'

const judged = (preflight: Exchange, versions?: Exchange): Judgement | undefined =>
  HOMESERVER_CORS_PROBES[0]?.judge(
    productWith('Synapse without an OP', { preflight, ...(versions === undefined ? {} : { versions }) }),
  )

const OPEN = { 'access-control-allow-origin': '*' }
const METHODS = { 'access-control-allow-methods': 'GET, HEAD, POST, PUT, DELETE, OPTIONS' }
const HEADERS = { 'access-control-allow-headers': 'X-A, Authorization' }
const WHOAMI = '/_matrix/client/v3/account/whoami'
const DOWN = answered(502, 'no')

describe('what a browser asks before it sends an access token', () => {
  it.each([
    ['names the header and the methods', answered(204, '', { ...OPEN, ...METHODS, ...HEADERS })],
    ['names all headers', answered(200, '', { ...OPEN, ...METHODS, 'access-control-allow-headers': '*' })],
    ['names all methods', answered(200, '', { ...OPEN, ...HEADERS, 'access-control-allow-methods': '*' })],
    [
      'names what it was asked for and no more',
      answered(200, '', { ...OPEN, ...HEADERS, 'access-control-allow-methods': 'PUT' }),
    ],
    [
      'names them without spaces',
      answered(200, '', { ...OPEN, ...HEADERS, 'access-control-allow-methods': 'PUT,DELETE' }),
    ],
  ])('is granted where the answer %s', (_, preflight) => {
    expect(judged(preflight)).toMatchObject({ result: 'pass' })
  })

  it.each([
    ['is a refusal of OPTIONS', answered(405, '', OPEN), 'answers the preflight with 405'],
    ['is a login of the proxy', answered(401, '', OPEN), 'answers the preflight with 401'],
    ['redirects', answered(301, '', OPEN), 'answers the preflight with 301'],
    ['is an error', DOWN, 'answers the preflight with 502'],
    ['does not come', failed(), 'answers no preflight: no answer: the connection was refused'],
    [
      'names no origin',
      answered(204, '', { ...METHODS, 'access-control-allow-headers': 'authorization' }),
      'answers a preflight that has no',
    ],
    ['names no header', answered(204, '', { ...OPEN, ...METHODS }), 'lets web clients send no access token'],
  ])('is refused where the answer %s', (_, preflight, what) => {
    expect(judged(preflight)).toMatchObject({
      result: 'fail',
      seen: expect.stringContaining('/_matrix/client/v3/account/whoami'),
      faults: [{ what: expect.stringContaining(what), breaks: ['element-web'] }],
      remedy: expect.arrayContaining([expect.stringContaining('OPTIONS')]),
    })
  })

  it.each([
    ['GET, POST, OPTIONS', 'PUT and DELETE', 'send no messages'],
    ['GET, PUT, POST', 'DELETE', 'delete nothing'],
    ['OUTPUT, DELETED', 'PUT and DELETE', 'send no messages'],
    [undefined, 'PUT and DELETE', 'send no messages'],
  ])('is refused for what writes and deletes where the methods are %s', (methods, missing, cannot) => {
    const preflight = answered(204, '', {
      ...OPEN,
      ...HEADERS,
      ...(methods === undefined ? {} : { 'access-control-allow-methods': methods }),
    })
    expect(judged(preflight)).toMatchObject({
      result: 'fail',
      seen: `https://app.element.io can ${cannot}: ${WHOAMI} answers a preflight that allows no ${missing}`,
      faults: [
        {
          field: WHOAMI,
          what: `answers a preflight that allows no ${missing}`,
          breaks: ['element-web'],
          ...(methods === undefined ? {} : { seen: methods }),
        },
      ],
      remedy: [expect.stringContaining('Access-Control-Allow-Methods: GET, HEAD, POST, PUT, DELETE, OPTIONS')],
    })
  })

  it('is told by VERSIONS where that does not answer either', () => {
    expect(judged(DOWN, DOWN)).toMatchObject({ result: 'pass' })
    expect(judged(failed(), failed())).toMatchObject({ result: 'pass' })
  })
})
