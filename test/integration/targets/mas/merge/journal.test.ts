import { describe, expect, test } from 'vitest'
import { device, masUser, mxid, person } from '../../../../support/merge/people.ts'
import { setStage } from '../../../../support/merge/stage.ts'
import { testPostgres } from '../../../../support/postgres.ts'

const postgres = testPostgres()

describe('the journal', () => {
  test('keeps rows as they were before a run updated them, but for a final run, which is taken back with its copy', async () => {
    const stage = await setStage(postgres, 'merge_images')
    await stage.inSynapse(...person('alice', { devices: ['PHONE'] }))
    await stage.merge()
    await stage.inSynapse(`UPDATE devices SET display_name = 'renamed'`)
    await stage.merge({ kind: 'final' })
    expect(await stage.inMas('SELECT * FROM syn2op.before_image')).toEqual([])
    await stage.inSynapse(`UPDATE devices SET display_name = 'again'`)
    await stage.merge()
    expect(await stage.inMas(`SELECT image->>'human_name' AS name FROM syn2op.before_image`)).toEqual([
      { name: 'renamed' },
    ])
  })

  test('has each row by the run that created it, and the digest of what was last written', async () => {
    const stage = await setStage(postgres, 'merge_written')
    await stage.inSynapse(...person('alice', { devices: ['PHONE'] }))
    await stage.merge()
    const rows = () =>
      stage.inMas('SELECT table_number, key, digest, run_number FROM syn2op.written_row ORDER BY table_number')
    const before = await rows()
    expect(before.map((row) => [row['table_number'], row['run_number']])).toEqual([
      [0, 1],
      [1, 1],
      [5, 1],
      [6, 1],
    ])
    await stage.inSynapse(`UPDATE devices SET display_name = 'renamed'`, ...device('alice', 'WATCH'))
    await stage.merge()
    const after = await rows()
    expect(after).toHaveLength(6)
    const session = (all: typeof before, run: number) =>
      all.filter((row) => row['table_number'] === 5 && row['run_number'] === run)
    expect(session(after, 1)[0]!['key']).toBe(session(before, 1)[0]!['key'])
    expect(session(after, 1)[0]!['digest']).not.toBe(session(before, 1)[0]!['digest'])
    expect(session(after, 2)).toHaveLength(1)
  })

  test('has the accounts as this run saw them; one that met a conflict or was refused is decided anew by every run', async () => {
    const stage = await setStage(postgres, 'merge_accounts')
    await stage.inSynapse(...person('alice'), ...person('bob'), ...person('bot_one'), ...person('refused'))
    await stage.merge({ only: [] })
    await masUser(stage, 'bob', 1)
    const owner = (name: string) => `hashtextextended('${mxid(name)}', 3)`
    const seen = (name: string, print: number, held: string) => `(${owner(name)}, ${print}, 1, false, ${held})`
    await stage.inMas(
      `CREATE TABLE IF NOT EXISTS syn2op.seen_account (owner bigint, print bigint, rows integer, always boolean, held text)`,
      `ALTER TABLE users ADD CONSTRAINT no_refused CHECK (username <> 'refused')`,
      `INSERT INTO syn2op.seen_account (owner, print, rows, always, held)
       VALUES ${seen('alice', 11, 'NULL')}, ${seen('bob', 12, 'NULL')}, ${seen('bot_one', 13, "'ghost_namespace'")}, ${seen('refused', 14, 'NULL')}`,
      `INSERT INTO syn2op.account (owner, print, rows, always, held)
       VALUES ${seen('alice', 1, 'NULL')}, ${seen('refused', 2, 'NULL')}, ${seen('gone', 3, 'NULL')}`,
    )
    await stage.merge({
      ghosts: ['^@bot_'],
      only: [mxid('alice'), mxid('bob'), mxid('bot_one'), mxid('gone'), mxid('refused')],
    })
    expect(await stage.inMas('SELECT print::int, always, held FROM syn2op.account ORDER BY print')).toEqual([
      { print: 2, always: true, held: null },
      { print: 11, always: false, held: null },
      { print: 12, always: true, held: 'username_taken' },
      { print: 13, always: false, held: 'ghost_namespace' },
    ])
  })
})
