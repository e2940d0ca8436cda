import { expect, it } from 'vitest'
import { gather } from '../../../../src/readiness/gather/gather.ts'
import { createAsk } from '../../../../src/readiness/http/ask.ts'
import { unaskedWays } from '../../../../src/readiness/words/unasked.ts'
import { documentOf } from '../../../support/readiness/documents.ts'
import { startStandIn } from '../../../support/readiness/stand-in.ts'

it('has a homeserver named where an OP alone was asked, for its server name would change nothing', async () => {
  const standIn = await startStandIn('okta')
  try {
    const ask = createAsk({ signal: new AbortController().signal, timeoutMs: 5000 })
    const subject = { op: standIn.issuer ?? '', origin: 'https://app.element.io', traces: 'none' } as const
    const ways = unaskedWays(documentOf(await gather(subject, ask)).probes)
    expect(ways.find((way) => way.startsWith('HOMESERVER: '))).toMatch(/WELL_KNOWN, .*LOGIN_FLOWS, /u)
    expect(ways.map((way) => way.split(':')[0])).toEqual(['HOMESERVER', '--register', '--synapse-config FILE'])
  } finally {
    await standIn.stop()
  }
})
