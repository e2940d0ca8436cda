import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FINDINGS, finding } from '../../../src/findings/catalogue.ts'
import { renderCsv } from '../../../src/report/csv/render-csv.ts'
import type { Document, RehearsalDocument } from '../../../src/report/documents.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { renderJunit } from '../../../src/report/junit/render-junit.ts'
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.ts'
import { pseudonymKey } from '../../../src/report/pseudonyms/key-file.ts'
import { pseudonymise } from '../../../src/report/pseudonyms/pseudonymise.ts'
import { pseudonymsOf } from '../../../src/report/pseudonyms/pseudonyms.ts'
import { renderSarif } from '../../../src/report/sarif/render-sarif.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { toJson } from '../../../src/report/to-json.ts'
import { documents } from '../../support/arbitrary-documents.ts'
import { checkDocument, planDocument, runDocument, source, verifyDocument } from '../../support/documents.ts'
import {
  endedRehearsalDocument,
  failedRehearsalDocument,
  keptRehearsalDocument,
} from '../../support/rehearsal-documents.ts'
import { emptiedDocument } from '../../support/rollback-documents.ts'

const KEY = Buffer.from('a key of enough bytes')
const names = pseudonymsOf(KEY)

const renderers: Readonly<Record<string, (document: Document) => string>> = {
  text: (document) => renderText(document, { width: 100, colour: 'off' }),
  html: renderHtml,
  json: toJson,
  markdown: renderMarkdown,
  csv: renderCsv,
  junit: renderJunit,
  sarif: renderSarif,
}

/** Every Matrix id and e-mail address that a document holds; the places of databases look alike, and are nobody's name. */
const peopleIn = (document: Document): readonly string[] => {
  const text = JSON.stringify(document, (key, value) =>
    key === 'source' || key === 'target' || key === 'people' ? undefined : value,
  )
  return [...new Set(text.match(/@[\w.=/+-]+:[\w.-]+|[\w.+-]+@[\w.-]+\.\w+/gu) ?? [])]
}

describe('a document without people’s names', () => {
  it('has none of them in any renderer', () => {
    const all = Object.values(documents).flatMap(peopleIn)
    expect(all.length).toBeGreaterThan(10)
    for (const document of Object.values(documents)) {
      const shown = pseudonymise(document, names)
      for (const render of Object.values(renderers)) {
        const text = render(shown)
        for (const person of peopleIn(document)) expect(text).not.toContain(person)
      }
    }
  })

  it('has the same counts, codes, reasons and ends', () => {
    const shown = pseudonymise(planDocument, names)
    expect(shown.relations).toEqual(planDocument.relations)
    expect(shown.findings.map(({ code, count }) => [code, count])).toEqual(
      planDocument.findings.map(({ code, count }) => [code, count]),
    )
    expect(shown.source).toEqual(source)
  })

  it('takes names out of sentences and remedies too, and of localparts that stand alone', () => {
    const seen = {
      ...checkDocument,
      findings: [
        finding('DEVICES_REFUSED', {
          message: 'Of anna and @bert:example.org, whose address is b@example.org',
          samples: ['anna', '@bert:example.org'],
          remedy: ["DELETE FROM devices WHERE user_id = '@anna:example.org'", "UPDATE x SET y = 'annabel'"],
        }),
      ],
    }
    const [shown] = pseudonymise(seen, names).findings
    expect(shown?.message).toBe(
      `Of ${names.name('anna')} and ${names.name('@bert:example.org')}, whose address is ${names.name('b@example.org')}`,
    )
    expect(shown?.remedy).toEqual([
      `DELETE FROM devices WHERE user_id = '${names.name('@anna:example.org')}'`,
      "UPDATE x SET y = 'annabel'",
    ])
  })

  it('leaves the words of a sentence alone, though somebody is called like one', () => {
    const message = '1 account has expired and will be open again'
    const samples = ['@expired:example.org']
    const seen = { ...checkDocument, findings: [finding('EXPIRED_OPEN', { message, samples, remedy: [] })] }
    expect(pseudonymise(seen, names).findings[0]?.message).toBe(message)
  })

  it('keeps the names of settings and providers', () => {
    const samples = ['experimental_features.msc3861']
    const seen = {
      ...checkDocument,
      findings: [finding('SYNAPSE_CONFLICTS_WITH_MAS', { message: 'x', samples, remedy: [] })],
    }
    expect(pseudonymise(seen, names).findings[0]?.samples).toEqual(samples)
  })

  it('keeps providers, versions and patterns that are to be typed', () => {
    const findings = [
      finding('SEVERAL_IDENTITIES', { message: 'Two of oidc-acme', samples: ['oidc-acme'], remedy: [] }),
      finding('MAS_SCHEMA_NEWER', { message: 'Newer: 20260101000000', samples: ['20260101000000'], remedy: [] }),
      finding('GHOSTS_SUSPECTED', { message: 'x', samples: ['^@_x_.*'], remedy: [String.raw`'^@_x_.*:example\.org'`] }),
    ]
    expect(pseudonymise({ ...checkDocument, findings }, names).findings).toEqual(findings)
  })

  it('keeps what the catalogue says is to be done: the names in it stand for anybody’s', () => {
    const { remedy } = FINDINGS.SHADOW_BANS_END
    expect(remedy).toContain('@name:server')
    const own = 'Look at @anna:example.org'
    const seen = finding('SHADOW_BANS_END', { message: 'x', samples: ['@anna:example.org'], remedy: [remedy, own] })
    const [shown] = pseudonymise({ ...checkDocument, findings: [seen] }, names).findings
    expect(shown?.remedy).toEqual([remedy, `Look at ${names.name('@anna:example.org')}`])
  })

  it('keeps the paths of plans and the seed of a sample, though they look like phone numbers', () => {
    const plan = { file: '/srv/20260901/plan.json', asOf: '2026-09-01T22:00:00.000Z' }
    const drift = { plan, newAccounts: 0, goneAccounts: 0, rows: [] }
    const fields = { seed: '1234567890', accounts: 1, rows: 1, fields: 1, differences: [] }
    expect(pseudonymise({ ...runDocument, drift }, names).drift).toEqual(drift)
    expect(pseudonymise({ ...verifyDocument, fields }, names).fields).toEqual(fields)
  })

  describe('of a rehearsal', () => {
    const shown = pseudonymise(endedRehearsalDocument, names)

    it('has no localpart in what the error says that ended it, nor in what to do next', () => {
      expect(endedRehearsalDocument.failure?.message).toContain('(anna)')
      const said = JSON.stringify([shown.failure, shown.steps])
      expect(said).not.toMatch(/anna/u)
      expect(shown.failure?.message).toContain(`(username)=(${names.name('anna')})`)
      expect(shown.failure?.next).toEqual([`syn2op explain ${names.name('@anna:example.org')}`])
      expect(shown.failure?.code).toBe(endedRehearsalDocument.failure?.code)
    })

    it('has nobody’s name in proofs, differences and what a rollback takes along', () => {
      const lost = [{ what: 'browser sessions', count: 2, samples: ['@anna:example.org', 'zoë'] }]
      const seen: RehearsalDocument = {
        ...failedRehearsalDocument,
        rollback: { ...emptiedDocument, lost },
        again: { same: false, differences: ['warning X of @anna:example.org: only now'] },
        unproved: [{ what: 'logins', why: 'Nobody gave the password of @bert:example.org' }],
      }
      const { proofs, rollback, again, unproved } = pseudonymise(seen, names)
      expect(JSON.stringify([proofs, rollback?.lost, again, unproved])).not.toMatch(
        /@(?:anna|bert|émile|17):|zoë|PHONE/u,
      )
      expect(rollback?.lost[0]?.samples).toEqual(lost[0]?.samples.map(names.name))
      expect(proofs?.proofs?.results.map(({ worked, expected }) => [worked, expected])).toEqual(
        seen.proofs?.proofs?.results.map(({ worked, expected }) => [worked, expected]),
      )
    })

    it('keeps its id, whose people it was about, its services and what it left running, though they look like names', () => {
      const seen: RehearsalDocument = {
        ...keptRehearsalDocument,
        id: '1234567890',
        people: { kind: 'real', what: 'synapse@db.example.org:5432/synapse' },
        services: ['PostgreSQL at postgres@db.example.org'],
      }
      const { id, people, services, kept, toAccept } = pseudonymise(seen, names)
      expect({ id, people, services, kept, toAccept }).toEqual({
        id: seen.id,
        people: seen.people,
        services: seen.services,
        kept: seen.kept,
        toAccept: seen.toAccept,
      })
    })
  })

  it('loses the decisions by account: their hashes are those of names', () => {
    const accounts = [{ reason: null, count: 1, owners: 'AAAAAAAAAAA=' }]
    const decided = { road: 'load', rows: { providers: [], target: [] }, accounts } as const
    expect(pseudonymise({ ...planDocument, decided }, names)).not.toHaveProperty('decided')
  })
})

describe('a pseudonym', () => {
  it('is the same for the same name and key, and another for another', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        expect(names.name(one)).toBe(pseudonymsOf(KEY).name(one))
        expect(names.name(one) === names.name(other)).toBe(one === other)
        expect(names.name(one)).not.toBe(pseudonymsOf(Buffer.from('another key of enough bytes')).name(one))
      }),
    )
  })

  it('stands in a sentence wherever the name did, whatever characters that has', () => {
    const name = fc
      .string({ minLength: 1 })
      .filter((each) => /[^p\s]/u.test(each) && !each.includes('@') && !'Of , and of '.includes(each))
    fc.assert(
      fc.property(name, (each) => {
        expect(names.text(`Of ${each}, and of ${each}`, [each])).toBe(
          `Of ${names.name(each)}, and of ${names.name(each)}`,
        )
      }),
      { examples: [['from-php'], ['a.b*c'], ['[x]'], ['\\']] },
    )
  })

  it('of a Matrix id keeps the server, and is that of its localpart', () => {
    expect(names.name('@anna:example.org:8448')).toBe(`@${names.name('anna')}:example.org:8448`)
  })

  it('is not made a pseudonym of again', () => {
    const once = names.text('@anna:example.org wrote to b@example.org')
    expect(names.text(once)).toBe(once)
  })
})

describe('the key', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'syn2op-key-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is made once, for its owner only, and is the same from then on', async () => {
    const file = join(folder, 'key')
    const made = await pseudonymKey(file)
    expect(made.length).toBeGreaterThanOrEqual(32)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await pseudonymKey(file)).toEqual(made)
    expect(readFileSync(file)).toEqual(made)
  })

  it('is refused where it is short, open to others, or cannot be had', async () => {
    const short = join(folder, 'short')
    writeFileSync(short, 'abc', { mode: 0o600 })
    await expect(pseudonymKey(short)).rejects.toMatchObject({ code: 'usage' })
    const open = join(folder, 'open')
    writeFileSync(open, 'a'.repeat(40), { mode: 0o644 })
    await expect(pseudonymKey(open)).rejects.toMatchObject({ code: 'usage' })
    await expect(pseudonymKey(join(folder, 'missing', 'key'))).rejects.toMatchObject({ code: 'config.unreadable' })
    await expect(pseudonymKey(folder)).rejects.toMatchObject({ code: expect.stringMatching(/usage|unreadable/u) })
  })
})
