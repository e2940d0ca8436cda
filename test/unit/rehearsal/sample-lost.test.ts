import { describe, expect, it } from 'vitest'
import { watchNamespaces } from '../../../src/rehearsal/sample/configuration/watch-namespaces.ts'
import { drawsByKey } from '../../../src/rehearsal/sample/mask/draws.ts'
import { masker } from '../../../src/rehearsal/sample/mask/masker.ts'

const service = (...regexes: readonly string[]) => ({
  id: 'bridge',
  file: '',
  sender: 'bot',
  msc4190: false,
  users: regexes.map((regex) => ({ regex, exclusive: true })),
})

describe('what a masked namespace has other accounts than its own for', () => {
  it('is told with how many it lost and gained, and with the findings that go by namespaces', () => {
    const masked = (regex: string) => regex.replace('irc', 'jsd')
    const watched = watchNamespaces([service('@sms_.*'), service('@qq_.*', '@irc_.*')], masked)
    watched.see('@irc_ann:a.b', '@jsd_boo:c.d')
    watched.see('@irc_bob:a.b', '@xyz_coc:c.d')
    watched.see('@irc_eve:a.b', '@xyz_fwf:c.d')
    watched.see('@ann_bob:a.b', '@jsd_bob:c.d')
    expect(watched.notes(['DEVICES_OLD', 'GHOSTS_SUSPECTED'])).toEqual([
      'Namespace 2 of appservice-2.yaml: of 3 accounts in it, 2 could not be masked so that it has them still. In the sample may differ or be missing: GHOSTS_SUSPECTED',
      'Namespace 2 of appservice-2.yaml: has 1 account in the sample that it has not at the homeserver. In the sample may differ or be missing: GHOSTS_SUSPECTED',
    ])
  })

  it('is told where nobody but Python can read the expression', () => {
    const watched = watchNamespaces([service('@(?P<a>x)?y(?(a)y|z)')], (regex) => regex)
    watched.see('@xyy:a.b', '@abb:c.d')
    expect(watched.notes([])).toEqual([expect.stringContaining('only Python can say who is in it')])
  })

  it('is nothing where each has its own still', () => {
    const watched = watchNamespaces([service('@irc_.*')], (regex) => regex)
    watched.see('@irc_ann:a.b', '@irc_boo:c.d')
    watched.see('@ann:a.b', '@boo:c.d')
    expect(watched.notes(['GHOSTS_SUSPECTED'])).toEqual([])
  })
})

describe('a text that gets no other which nobody has', () => {
  const kindsGivenUp = (isSomebodys: (text: string) => boolean): readonly string[] => {
    const kinds: string[] = []
    const made = masker({
      draws: drawsByKey(Buffer.from('a key for tests alone')),
      seen: { add: () => {}, isIn: isSomebodys },
      serverName: 'demo.example',
      providers: { kept: [], masked: [] },
      chunks: { beginnings: ['_irc_'], ends: [], middles: [] },
      fits: () => true,
      hashes: { of: (hash) => hash, fits: () => false },
      remembers: 'all',
      gaveUp: (kind) => kinds.push(kind),
    })
    made.row('devices', { user_id: '@_irc_ann:demo.example', device_id: 'ABCDEF', display_name: null })
    made.row('user_threepids', { user_id: '@_irc_ann:demo.example', medium: 'email', address: 'ann@mail.test' })
    made.row('user_threepids', { user_id: '@_irc_ann:demo.example', medium: 'msisdn', address: '447900000001' })
    return kinds
  }

  it('is told by its kind, once for each text', () => {
    expect(kindsGivenUp(() => true).toSorted()).toEqual(
      ['chunk', 'device', 'email', 'label', 'label', 'localpart', 'phone', 'server', 'server'].toSorted(),
    )
  })

  it('is not told of where there is one', () => {
    expect(kindsGivenUp(() => false)).toEqual([])
  })
})
