import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { renderHtml } from '../../../src/report/html/render-html.ts'
import { renderText } from '../../../src/report/text/render-text.ts'
import { checkReportFiles, writeReports } from '../../../src/report/write-report.ts'
import { planDocument } from '../../support/documents.ts'

const errorOf = async (work: () => unknown): Promise<Syn2opError> => {
  try {
    await work()
  } catch (error) {
    expect(error).toBeInstanceOf(Syn2opError)
    return error as Syn2opError
  }
  throw new Error('nothing was thrown')
}

describe('reports as files', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'syn2op-report-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const at = (name: string) => join(folder, name)

  it('hold what the renderers make, and only their owner reads them', async () => {
    writeFileSync(at('r.html'), 'an older report', { mode: 0o644 })
    await writeReports(planDocument, [
      { kind: 'html', file: at('r.html') },
      { kind: 'json', file: at('r.json') },
      { kind: 'text', file: at('r.txt') },
    ])
    expect(readFileSync(at('r.html'), 'utf8')).toBe(renderHtml(planDocument))
    expect(JSON.parse(readFileSync(at('r.json'), 'utf8'))).toEqual(planDocument)
    expect(readFileSync(at('r.txt'), 'utf8')).toBe(renderText(planDocument, { width: 80, colour: 'off' }))
    for (const name of ['r.html', 'r.json', 'r.txt']) expect(statSync(at(name)).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).toSorted()).toEqual(['r.html', 'r.json', 'r.txt'])
  })

  it('that cannot be written do not keep others from being written, and leave nothing behind', async () => {
    const error = await errorOf(() =>
      writeReports(planDocument, [
        { kind: 'html', file: at('missing/r.html') },
        { kind: 'json', file: folder },
        { kind: 'text', file: at('r.txt') },
      ]),
    )
    expect(error.code).toBe('report.unwritable')
    expect(error.problems.map((problem) => problem.message)).toEqual([
      `${at('missing/r.html')}: the folder does not exist.`,
      `${folder}: it is a folder.`,
    ])
    expect(readdirSync(folder)).toEqual(['r.txt'])
  })

  it('are looked at before the work, and nothing is written then', async () => {
    writeFileSync(at('file'), '')
    const wanted = [
      { kind: 'html', file: at('fine.html') },
      { kind: 'json', file: at('missing/r.json') },
      { kind: 'text', file: folder },
      { kind: 'text', file: at('file/r.txt') },
    ] as const
    const error = await errorOf(() => checkReportFiles(wanted))
    expect(error.problems.map((problem) => problem.message)).toEqual([
      `${at('missing/r.json')}: the folder does not exist.`,
      `${folder}: it is a folder.`,
      `${at('file/r.txt')}: the folder is a file.`,
    ])
    await checkReportFiles(wanted.slice(0, 1))
    expect(readdirSync(folder)).toEqual(['file'])
  })
})
