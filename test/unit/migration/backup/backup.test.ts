import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verdictOf } from '../../../../src/findings/accept.ts'
import { backupFindings } from '../../../../src/migration/backup/backup-findings.ts'
import { backupNeeded, judgeBackup } from '../../../../src/migration/backup/judge-backup.ts'
import { lookAtBackup } from '../../../../src/migration/backup/look-at-backup.ts'
import type { ChosenRoad } from '../../../../src/migration/choose-road.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 22, 3)
const MIGRATE = { mode: 'migrate', resume: false } as const

const roads = {
  load: { kind: 'load', road: 'load' },
  online: { kind: 'online', road: 'copy' },
  final: { kind: 'final', road: 'copy' },
  merge: { kind: 'merge', road: 'merge' },
} as const satisfies Record<string, ChosenRoad>

let folder: string

const written = async (name: string, text: string, ago: number): Promise<string> => {
  const file = join(folder, name)
  await writeFile(file, text)
  await utimes(file, (NOW - ago) / 1000, (NOW - ago) / 1000)
  return file
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'syn2op-backup-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a backup', () => {
  test('is asked for before the cut-over and beside people, and not again when that run is resumed', () => {
    const resumes = { runId: 'r', asOf: 0, kind: 'merge', left: 'open' } as const
    expect(backupNeeded(MIGRATE, roads.final)).toBe('needed')
    expect(backupNeeded(MIGRATE, roads.merge)).toBe('needed')
    expect(backupNeeded('look', roads.merge)).toBe('needed')
    expect(backupNeeded({ ...MIGRATE, resume: true }, { ...roads.merge, resumes })).toBe('not needed')
  })

  test('is only advised where the run can be taken back by emptying what it fills', () => {
    expect(backupNeeded(MIGRATE, roads.load)).toBe('advised')
    expect(backupNeeded('look', roads.online)).toBe('advised')
    expect(backupNeeded('look', undefined)).toBe('advised')
    expect(backupNeeded({ ...MIGRATE, mode: 'online' }, roads.online)).toBe('not needed')
    expect(backupNeeded('verify', roads.merge)).toBe('not needed')
  })

  test('that nobody tells of keeps a run beside people from beginning, also with all-warnings, but no load', async () => {
    const beside = await backupFindings({}, { purpose: MIGRATE, road: roads.merge })
    expect(beside).toMatchObject([{ code: 'NO_BACKUP', message: 'Nobody has said where a backup is' }])
    expect(verdictOf(beside)).toBe('warnings')
    const load = await backupFindings({}, { purpose: MIGRATE, road: roads.load })
    expect(load).toMatchObject([{ code: 'BACKUP_ADVISED', severity: 'notice' }])
    expect(verdictOf(load)).toBe('clear')
    expect(await backupFindings({ backup: 'not needed' }, { purpose: MIGRATE, road: roads.merge })).toEqual([])
  })

  test.each([
    [0, undefined],
    [24 * HOUR, undefined],
    // A clock that is ahead of ours.
    [-HOUR / 20, undefined],
    [
      -HOUR,
      'The backup at FILE is said to be made in the future, at 2026-11-22T04:00:00.000Z: the time is wrong, or a clock is',
    ],
    [25.5 * HOUR, 'The backup at FILE is 25 hours old: it was made at 2026-11-21T01:30:00.000Z'],
    [9 * 24 * HOUR, 'The backup at FILE is 9 days old: it was made at 2026-11-13T03:00:00.000Z'],
  ])('that was made %d ms ago: %s', async (ago, said) => {
    const file = await written('mas.dump', 'PGDMP', ago)
    const [found] = judgeBackup(await lookAtBackup({ file }), 'needed', NOW)
    expect(found?.message.replace(file, 'FILE')).toBe(said)
    const [told] = judgeBackup(await lookAtBackup({ at: NOW - ago }), 'needed', NOW)
    expect(told?.message).toBe(said?.replace(' at FILE', ''))
  })

  test('in a folder is as old as what was written into it last', async () => {
    const dump = join(folder, 'dump.d')
    await mkdir(dump)
    await written('dump.d/toc.dat', 'x', 30 * HOUR)
    expect(judgeBackup(await lookAtBackup({ file: dump }), 'needed', NOW)[0]?.message).toContain('30 hours')
    await written('dump.d/3.dat.gz', 'x', HOUR)
    expect(judgeBackup(await lookAtBackup({ file: dump }), 'needed', NOW)).toEqual([])
  })

  test('in subfolders is found, also beside a link that leads nowhere', async () => {
    const base = join(folder, 'base')
    await mkdir(join(base, 'mas', 'parts'), { recursive: true })
    expect((await lookAtBackup({ file: base })).state).toBe('empty')
    await symlink(join(folder, 'gone'), join(base, 'latest'))
    await written('base/mas/parts/toc.dat', 'x', 30 * HOUR)
    expect(judgeBackup(await lookAtBackup({ file: base }), 'needed', NOW)[0]?.message).toContain('30 hours')
    await written('base/mas/3.dat.gz', 'x', HOUR)
    expect(judgeBackup(await lookAtBackup({ file: base }), 'needed', NOW)).toEqual([])
  })

  test('that cannot be looked at is not told to be missing', async () => {
    const file = await written('plain.dump', 'x', HOUR)
    // What stands behind a file cannot be reached by anybody, whoever runs this.
    const behind = join(file, 'dump')
    expect(judgeBackup(await lookAtBackup({ file: behind }), 'needed', NOW)[0]?.message).toBe(
      `The backup at ${behind} cannot be looked at: ENOTDIR`,
    )
  })

  test('that is empty, or not there, is none', async () => {
    const empty = await written('empty.dump', '', HOUR)
    expect(judgeBackup(await lookAtBackup({ file: empty }), 'needed', NOW)[0]?.message).toBe(
      `The backup at ${empty} is empty`,
    )
    const nowhere = join(folder, 'nowhere.dump')
    expect(judgeBackup(await lookAtBackup({ file: nowhere }), 'needed', NOW)[0]?.message).toBe(
      `There is no backup at ${nowhere}`,
    )
  })
})
