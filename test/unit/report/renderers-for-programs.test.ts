import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { parse as parseCsv } from 'csv-parse/sync'
import fc from 'fast-check'
import { parse as junit2json } from 'junit2json'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { parse as parseTestResults } from 'test-results-parser'
import { describe, expect, it } from 'vitest'
import { openWarnings } from '../../../src/findings/accept.ts'
import { FINDINGS, finding } from '../../../src/findings/catalogue.ts'
import { renderCsv } from '../../../src/report/csv/render-csv.ts'
import type { Document } from '../../../src/report/documents.ts'
import { findingsOf } from '../../../src/report/grouped-findings.ts'
import { renderJunit } from '../../../src/report/junit/render-junit.ts'
import { renderMarkdown } from '../../../src/report/markdown/render-markdown.ts'
import { renderSarif } from '../../../src/report/sarif/render-sarif.ts'
import { relationsOf } from '../../../src/report/totals.ts'
import { arbitraryDocument, documents } from '../../support/arbitrary-documents.ts'
import { checkDocument, planDocument, planDocumentOfCohorts, runDocument } from '../../support/documents.ts'
import { golden } from '../../support/golden.ts'

const require = createRequire(import.meta.url)
const REHEARSALS = Object.keys(documents).filter((name) => name.startsWith('rehearsal'))
const each = Object.entries(documents)

/** Without the codes of the catalogue that were not found, and without counts: both grow with the catalogue. */
const withoutCatalogue = (xml: string): string =>
  xml
    .replaceAll(/ *<testcase name="[A-Z0-9_]+" [^>]*\/>\n/gu, '')
    .replaceAll(/ *<testsuite [^>]*>\n *<\/testsuite>\n/gu, '')
    .replaceAll(/ tests="\d+"/gu, '')

const isOpen = (document: Document): boolean =>
  findingsOf(document).some(({ severity }) => severity === 'error') || openWarnings(findingsOf(document)).length > 0

describe('Markdown', () => {
  const toHtml = (text: string): string =>
    micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })

  it.each(['plan', 'verify-differences', 'rollback', ...REHEARSALS])(
    'of a %s reads as it did when somebody looked at it',
    (name) => {
      const document = documents[name] as Document
      expect(renderMarkdown(document)).toBe(golden(`${name}.md`, renderMarkdown(document)))
    },
  )

  it('has every number of the results', () => {
    const html = toHtml(renderMarkdown(planDocument))
    for (const { read, carried } of planDocument.relations)
      for (const number of [read, carried]) expect(html).toContain(`>${number.toLocaleString('en-US')}<`)
  })

  it('is obeyed in nothing that comes from outside: no link, picture, tag, mention or heading of theirs', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const html = toHtml(renderMarkdown(document))
        expect(html).not.toMatch(/<(?:a|img|script|style|input|del)\b/u)
        expect(html.match(/<h1>/gu)).toHaveLength(1)
        // A forge takes an @ in running text for a person.
        expect(html.replaceAll(/<(code|pre)\b.*?<\/\1>/gsu, '')).not.toMatch(/(?:^|[\s>])@\w/u)
      }),
      { numRuns: 40 },
    )
  })

  it('escapes what it would obey', () => {
    const hostile = 'http://a.example [x](http://b) <b> *c* _d_ ~~e~~ `f` | # g www.example.org a@example.org'
    const [title] = /<h1>.*?<\/h1>/su.exec(toHtml(renderMarkdown({ ...planDocument, serverName: hostile }))) ?? []
    expect(title).toBe(
      '<h1>syn2op plan of http://a.example [x](http://b) &lt;b&gt; *c* _d_ ~~e~~ `f` | # g www.example.org <code>a@example.org</code></h1>',
    )
  })
})

describe('CSV', () => {
  const rowsOf = (document: Document): Record<string, string>[] =>
    parseCsv(renderCsv(document), { columns: true, relax_column_count: false })

  it('has every number of the results as a program reads it', () => {
    const rows = rowsOf(planDocument)
    const found = (item: string, detail: string, measure: string): string | undefined =>
      rows.find((row) => row['item'] === item && row['detail'] === detail && row['measure'] === measure)?.['value']
    expect(found('accounts', '', 'Read')).toBe('48210')
    expect(found('accounts', 'guest', 'Left')).toBe('1904')
    expect(rowsOf(planDocumentOfCohorts).filter(({ part }) => part === 'Cohorts').length).toBeGreaterThan(3)
    expect(rowsOf(runDocument).find(({ item }) => item === 'copy')).toMatchObject({
      value: '4230',
      unit: 'milliseconds',
    })
  })

  it('has every finding', () => {
    for (const [, document] of each)
      for (const { code, message } of findingsOf(document))
        expect(rowsOf(document)).toContainEqual(expect.objectContaining({ item: code, value: message }))
  })

  it('holds nothing that a spreadsheet takes for a formula, whatever the names are', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        for (const row of parseCsv(renderCsv(document)))
          for (const cell of row) expect(cell).not.toMatch(/^(?:[=+\-\t\r]|@(?![^:()]+:))/u)
      }),
    )
  })
})

describe('JUnit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'syn2op-junit-'))
  const readers: Readonly<Record<string, (xml: string) => Promise<{ tests: number; failed: number }>>> = {
    junit2json: async (xml) => {
      const parsed = await junit2json(xml)
      if (parsed === null || parsed === undefined || !('testsuite' in parsed)) throw new Error('no suites')
      const cases = (parsed.testsuite ?? []).flatMap(({ testcase = [] }) => testcase)
      return { tests: cases.length, failed: cases.filter(({ failure }) => failure !== undefined).length }
    },
    'test-results-parser': async (xml) => {
      const file = join(folder, 'report.xml')
      writeFileSync(file, xml)
      const { total, failed } = parseTestResults({ type: 'junit', files: [file] }) as { total: number; failed: number }
      rmSync(file)
      return { tests: total, failed }
    },
  }

  it.each(Object.keys(readers))(
    'is read by %s, with as many failures as findings that stand in the way',
    async (name) => {
      for (const [, document] of each) {
        const { tests, failed } = await (readers[name] as (typeof readers)[string])(renderJunit(document))
        expect(tests).toBeGreaterThan(Object.keys(FINDINGS).length)
        if (document.kind === 'check' || document.kind === 'plan') expect(failed > 0).toBe(isOpen(document))
      }
    },
  )

  it.each(REHEARSALS)('of a %s reads as it did when somebody looked at it', (name) => {
    const cases = withoutCatalogue(renderJunit(documents[name] as Document))
    expect(cases).toBe(golden(`${name}.xml`, cases))
  })

  it('fails where the command ends with another code than 0: for rejected accounts, an early end, rows that differ', () => {
    const failures = (document: Document): number => Number(/failures="(\d+)"/u.exec(renderJunit(document))?.[1])
    for (const name of ['run-rejected', 'run-stopped', 'verify-differences', 'rehearsal-failed'])
      expect(failures(documents[name] as Document), name).toBeGreaterThan(0)
    const seen = [finding('SYNAPSE_RUNNING', { message: 'x', remedy: [] })]
    for (const name of ['run', 'verify', 'rollback', 'rehearsal'])
      expect(failures({ ...(documents[name] as Document), findings: seen } as Document), name).toBe(0)
  })

  it('names the finding, what was found and what to type', () => {
    const [found] = /<testcase name="MAS_NOT_EMPTY".*?<\/testcase>/su.exec(renderJunit(checkDocument)) ?? []
    expect(found).toContain('classname="syn2op.check.The database of MAS"')
    expect(found).toContain(
      '<failure message="The MAS database holds 3 users that syn2op did not write." type="error">',
    )
    expect(found).toContain('dropdb mas &amp;&amp; createdb --owner mas mas')
  })

  it('is well-formed whatever the names are', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryDocument, async (document) => {
        const xml = renderJunit(document)
        const [one, other] = await Promise.all(Object.values(readers).map((read) => read(xml)))
        expect(one).toEqual(other)
      }),
      { numRuns: 40 },
    )
  })
})

describe('SARIF', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats.default(ajv)
  const schema: object = JSON.parse(readFileSync(require.resolve('schemastore/schemas/json/sarif-2.1.0.json'), 'utf8'))
  const isValid = ajv.compile(schema)
  const check = (document: Document): void => {
    isValid(JSON.parse(renderSarif(document)))
    expect(isValid.errors ?? []).toEqual([])
  }

  it('is what the schema of OASIS demands, for every document', () => {
    for (const [, document] of each) check(document)
    expect(isValid({ version: '2.1.0' })).toBe(false)
  })

  it('is it whatever the names are', () => {
    fc.assert(fc.property(arbitraryDocument, check), { numRuns: 40 })
  })

  it('has a result for each finding, and says which are acknowledged', () => {
    const [run] = JSON.parse(renderSarif(planDocument)).runs
    expect(run.results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(
      planDocument.findings.map(({ code }) => code),
    )
    expect(run.results[0].suppressions).toHaveLength(1)
    expect(run.results[1].suppressions).toBeUndefined()
  })

  it('says what each code of the catalogue means', () => {
    const known = {
      ...planDocument,
      findings: [{ code: 'PHONES', severity: 'notice', message: 'x', remedy: [] }],
    } as const
    const [run] = JSON.parse(renderSarif(known)).runs
    expect(run.tool.driver.rules[0].fullDescription.text).toBe(FINDINGS.PHONES.why)
  })
})

it('all of them have every relation', () => {
  for (const [, document] of each) {
    const parts = [renderMarkdown(document), renderCsv(document)]
    for (const part of parts) expect(relationsOf(document).length === 0 || part.includes('accounts')).toBe(true)
  }
})
