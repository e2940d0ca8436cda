import { describe, expect, test } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { type FindingCode, finding } from '../../../src/findings/catalogue.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import { requireClear } from '../../../src/migration/gate.ts'

const seen = (code: FindingCode): Finding =>
  finding(code, { message: `${code} was seen`, remedy: ['Do this.', 'Or that.'] })
const accepted = (code: FindingCode): Finding => ({ ...seen(code), accepted: code })

/** The error with which a migration is stopped, if it is. */
const stopped = (...findings: readonly Finding[]): Syn2opError | undefined => {
  try {
    requireClear({ findings })
    return undefined
  } catch (error) {
    if (error instanceof Syn2opError) return error
    throw error
  }
}

describe('before anything is written', () => {
  test('nothing, a notice, and warnings that were acknowledged let the migration go on', () => {
    expect(stopped()).toBeUndefined()
    expect(stopped(seen('APPSERVICE_USERS'), accepted('GUESTS'), accepted('SYNAPSE_RUNNING'))).toBeUndefined()
  })

  test('open warnings stop it, and the codes to type are said, those alone', () => {
    const error = stopped(
      seen('GUESTS'),
      accepted('SHADOW_BANS_END'),
      seen('SYNAPSE_RUNNING'),
      seen('APPSERVICE_USERS'),
    )
    expect(error).toMatchObject({ code: 'check.warnings', exitCode: 11 })
    expect(error?.problems).toEqual([
      { message: 'GUESTS: GUESTS was seen', remedy: 'Do this.\nOr that.' },
      { message: 'SYNAPSE_RUNNING: SYNAPSE_RUNNING was seen', remedy: 'Do this.\nOr that.' },
    ])
    expect(error?.next[0]).toContain('--accept GUESTS --accept SYNAPSE_RUNNING')
  })

  test('where Synapse runs, the first advice is to stop it, not to accept that', () => {
    const next = stopped(seen('SYNAPSE_RUNNING'), accepted('GUESTS'))?.next ?? []
    expect(next[0]).toBe('Mend what is named above and run the command again.')
    expect(next[1]).toMatch(/rehearsal: --accept SYNAPSE_RUNNING$/u)
  })

  test('errors stop it, each named, and no acknowledgement is offered', () => {
    const error = stopped(seen('MAS_NOT_EMPTY'), seen('GUESTS'), seen('MAS_SERVER_NAME'))
    expect(error).toMatchObject({ code: 'check.errors', exitCode: 10 })
    expect(error?.problems.map(({ message }) => message)).toEqual([
      'MAS_NOT_EMPTY: MAS_NOT_EMPTY was seen',
      'MAS_SERVER_NAME: MAS_SERVER_NAME was seen',
    ])
    expect(error?.next.join(' ')).not.toContain('--accept')
  })
})
