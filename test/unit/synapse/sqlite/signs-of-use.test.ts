import { describe, expect, it } from 'vitest'
import { lockHolders } from '../../../../src/synapse/sqlite/signs-of-use.ts'

/** As Linux writes it while a Synapse, a shell and something else have files open. */
const LOCKS = `1: POSIX  ADVISORY  READ 11782 fe:00:10002851 128 128
2: POSIX  ADVISORY  READ 11782 fe:00:10002784 1073741826 1073742335
3: POSIX  ADVISORY  WRITE 11790 fe:00:10002784 1073741825 1073741825
3: -> POSIX  ADVISORY  READ 11791 fe:00:10002784 1073741824 1073741824
4: POSIX  ADVISORY  WRITE 500 fe:00:10002784 0 EOF
5: FLOCK  ADVISORY  WRITE 600 fe:00:10002784 0 EOF
6: POSIX  ADVISORY  READ 11782 fe:00:10002784 1073741826 1073742335
`

describe('The locks of Linux', () => {
  it('tell who holds or waits for those of SQLite on a file, each process once', () => {
    expect(lockHolders(LOCKS, 10002784n)).toEqual([11782, 11790, 11791])
  })

  it('tell nothing of a file that nobody has open', () => {
    expect(lockHolders(LOCKS, 10002851n)).toEqual([])
    expect(lockHolders('', 1n)).toEqual([])
  })
})
