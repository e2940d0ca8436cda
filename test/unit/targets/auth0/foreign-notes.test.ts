import { describe, expect, it } from 'vitest'
import { keepGonePeople } from '../../../../src/targets/auth0/apply/gone-people.ts'
import { keepImportNotes } from '../../../../src/targets/auth0/jobs/import-notes.ts'
import type { Notes } from '../../../../src/targets/earlier-runs.ts'
import { systemClock } from '../../../../src/targets/http/clock.ts'

const FILE = '/var/lib/syn2op/runs/notes-auth0.sqlite'

const holding = (key: string, text: string): Notes => ({
  file: FILE,
  all: async () => new Map([[key, text]]),
  set: async () => {},
})

const imports = (notes: Notes): ReturnType<typeof keepImportNotes> => {
  const kept = keepImportNotes(systemClock)
  kept.keepIn(notes)
  return kept
}

const READERS: Readonly<Record<string, (notes: Notes) => Promise<unknown>>> = {
  'import run-1.0.1 x': (notes) => imports(notes).open(),
  'ended run-1': (notes) => imports(notes).ended(),
  'gone auth0|x': (notes) => keepGonePeople().know({ notes, note: () => {} }),
}

describe('a note of another version of syn2op', () => {
  const notes = Object.keys(READERS).flatMap((key) =>
    ['{"of": "another version"}', 'no JSON'].map((text) => [key, text]),
  )

  it.each(notes)('is told by its name and its file: %s, %s', async (key = '', text = '') => {
    await expect(READERS[key]?.(holding(key, text))).rejects.toMatchObject({
      code: 'run.unreadable',
      message: expect.stringContaining(`${FILE}: the note "${key}"`),
      next: [expect.stringContaining('version of syn2op'), expect.stringContaining(FILE)],
    })
  })
})
