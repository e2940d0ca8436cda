import { tmpdir } from 'node:os'
import { expect, it, onTestFinished } from 'vitest'
import { openScratchFile, type ScratchFile } from '../../../../../src/targets/auth0/census/scratch-file.ts'

const opened = (): ScratchFile => {
  const file = openScratchFile()
  onTestFinished(() => file.close())
  file.db.exec('CREATE TABLE page (bytes BLOB)')
  return file
}

const failed = (work: () => void): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

it('tells of a file that has no more room whose folder that is, and what to do', () => {
  const { db, explained } = opened()
  db.exec('PRAGMA max_page_count = 10')
  const error = failed(() => db.exec('INSERT INTO page VALUES (zeroblob(100000))'))
  expect(explained(error)).toMatchObject({
    code: 'temporary.unwritable',
    message: `What Auth0 has of its users cannot be kept in ${tmpdir()}: its disk is full`,
    next: [expect.stringContaining('--runs-dir')],
  })
})

it('leaves errors of others as they are', () => {
  const error = new Error('not of a file')
  expect(opened().explained(error)).toBe(error)
})

it('writes no journal beside itself: nothing of it is ever taken back', () => {
  expect(opened().db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'off' })
})
