import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEarlier } from '../../../src/readiness/read-earlier.ts'
import { readinessDocument } from '../../support/readiness/readiness-document.ts'

describe('an earlier result', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'syn2op-readiness-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const write = (value: unknown): string => {
    const file = join(folder, 'before.json')
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
    return file
  }

  it('is read as it was written', async () => {
    expect(await readEarlier(write(readinessDocument))).toEqual(readinessDocument)
  })

  it('may have probes and fields that this version does not know', async () => {
    const later = {
      ...readinessDocument,
      probes: readinessDocument.probes.map((one) => ({ ...one, code: 'LATER', since: 2 })),
      mood: 'good',
    }
    expect(await readEarlier(write(later))).toEqual(later)
  })

  it.each([
    ['cut off', JSON.stringify(readinessDocument).slice(0, 200), /is no JSON, or was cut off/u],
    [
      'of another kind',
      { ...readinessDocument, kind: 'plan' },
      /a document of the kind plan, not a result of readiness/u,
    ],
    [
      'of a later format',
      { ...readinessDocument, format: 2 },
      /of the format 2, by syn2op 0\.1\.0; this version knows format 1/u,
    ],
  ])('that is %s is refused by what it is', async (_, value, message) => {
    await expect(readEarlier(write(value))).rejects.toMatchObject({
      code: 'readiness.unreadable',
      exitCode: 64,
      message: expect.stringMatching(message),
    })
  })

  it('that is not as one is written is refused with each fault', async () => {
    const broken = { ...readinessDocument, left: 'nothing', probes: [{ code: 'VERSIONS' }] }
    await expect(readEarlier(write(broken))).rejects.toMatchObject({
      code: 'readiness.unreadable',
      problems: expect.arrayContaining([
        expect.objectContaining({ message: expect.stringMatching(/^probes\.0\.part: /u) }),
      ]),
    })
  })

  it('that is not there is told so', async () => {
    await expect(readEarlier(join(folder, 'none.json'))).rejects.toMatchObject({
      code: 'readiness.unreadable',
      message: `${join(folder, 'none.json')} cannot be read: there is no such file`,
    })
  })
})
