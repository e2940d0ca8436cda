import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { listRuns } from '../../../src/migration/runs/list-runs.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import type { StatusDocument } from '../../../src/report/status.ts'
import type { PlanOfTwo, RunOfTwo, VerifyOfTwo } from '../../../src/report/two-targets.ts'
import { type BothRoad, makeBothRoad } from '../../support/both/both-road.ts'
import { ending, startBuiltProgram } from '../../support/built-program.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../support/postgres.ts'

const missing = await whyNoKeycloak()
const postgres = testPostgres()

const COHORTS = `cohorts:
  - { name: pilot, match: { list: pilot.txt } }
  - { name: half, match: { percent: 50 } }
`

/** Both mappings that come along, with the same cohorts. */
const withCohorts = async (road: BothRoad): Promise<readonly string[]> => {
  await writeFile(join(road.folder, 'pilot.txt'), 'alice\nbob\ncarol\n')
  const files = ['keycloak', 'mas'].map(async (name) => {
    const text = await readFile(new URL(`../../../mappings/${name}.yaml`, import.meta.url), 'utf8')
    const file = join(road.folder, `${name}-rules.yaml`)
    await writeFile(file, text.replace(/^cohorts: \[\].*\n/mu, COHORTS))
    return `--mapping=${name}=${file}`
  })
  return Promise.all(files)
}

/** Of the runs that have ended well, how many there are. */
const ended = async (runs: string): Promise<number> =>
  (await readdir(runs, { recursive: true })).filter((file) => basename(file) === 'report.json').length

const countOf = ({ outcomes = [] }: RunDocument, wanted: string): number =>
  outcomes.find(({ outcome }) => outcome === wanted)?.count ?? 0

const typed = ({ next }: Pick<RunOfTwo, 'next'>): readonly string[] => next.flatMap(({ commands }) => commands)

const both = (more: string): string => `syn2op migrate --target keycloak --target mas${more}`

describe.skipIf(missing !== undefined)(
  `cohorts of Keycloak and MAS${missing === undefined ? '' : ` (${missing})`}`,
  { timeout: 300_000 },
  () => {
    let road: BothRoad
    let flags: readonly string[]

    const makeRoad = async (): Promise<void> => {
      const name = `cohorts_${randomBytes(3).toString('hex')}`
      road = await makeBothRoad(await sharedKeycloak(), postgres, { name, accounts: 10 })
      // Keycloak is asked about one person after the other.
      await postgres.execute(road.synapse, `DELETE FROM users WHERE md5(name) > '9' AND name !~ '^@(alice|bob|carol):'`)
      flags = [...road.flags, ...(await withCohorts(road))]
    }
    const start = (command: string, ...more: readonly string[]) =>
      startBuiltProgram([command, ...flags, ...more], { folder: road.folder })
    const done = async <Result>(command: string, ...more: readonly string[]): Promise<Result> => {
      const end = await start(command, '--json', ...more).ended
      expect(ending(end, 0)).toBe('exit 0')
      return JSON.parse(end.stdout) as Result
    }
    const inCopy = async (): Promise<number> =>
      Number((await postgres.execute(road.mas, 'SELECT count(*) AS n FROM syn2op_loading.users'))[0]?.['n'])
    const takenBack = async (line: string): Promise<void> => {
      const [, ...words] = line.split(' ')
      const files = flags.filter((flag) => !flag.startsWith('--target='))
      const linked = words[0] === 'link' ? [`--link-config=${road.masFile}`] : []
      const end = await startBuiltProgram([...words, ...files, ...linked, '--yes'], { folder: road.folder }).ended
      expect(ending(end, 0)).toBe('exit 0')
    }

    describe('with an empty MAS', () => {
      beforeAll(makeRoad, 300_000)
      afterAll(() => road?.remove())

      it('are planned one by one', async () => {
        const pilot = await done<PlanOfTwo>('plan', '--no-forecast', '--cohort=pilot', road.asOf)
        expect(pilot.plans.map(({ cohort }) => cohort)).toEqual(['pilot', 'pilot'])
        expect(typed(pilot)).toEqual([both(' --cohort pilot')])
      })

      it('one that was stopped at Keycloak is gone on with at both, and nobody else comes along', async () => {
        // So slow that however late it is asked to stop, somebody is left.
        const running = start('migrate', '--yes', '--cohort=half', '--max-rate=1', road.asOf)
        while (!running.hasEnded() && (await road.people()).length === 0) await sleep(20)
        running.child.kill('SIGINT')
        expect(ending(await running.ended, 130)).toBe('exit 130')
        const document = await done<RunOfTwo>('migrate', '--yes', '--resume')
        const [logins, accounts] = document.runs
        expect(document.runs.map(({ cohort, resumed = false }) => [cohort, resumed])).toEqual([
          ['half', true],
          ['half', false],
        ])
        expect(accounts?.road).toBe('online')
        expect(await road.people()).toHaveLength(countOf(logins as RunDocument, 'created'))
        expect(await inCopy()).toBe(countOf(accounts as RunDocument, 'created'))
        expect(document.links).toBeUndefined()
        expect(typed(document)).toEqual([both(' --cohort pilot'), both(' --online')])
      })

      it('one that ended at Keycloak, and died before MAS, is gone on with at both', async () => {
        const [people, ends] = [(await road.people()).length, await ended(road.runs)]
        const running = start('migrate', '--yes', '--cohort=pilot', '--max-rate=0.5', road.asOf)
        onTestFinished(() => void running.child.kill('SIGKILL'))
        while (!running.hasEnded() && (await road.people()).length === people) await sleep(20)
        // It stands still at Keycloak until its way is barred, however long that takes.
        running.child.kill('SIGSTOP')
        expect([running.hasEnded(), await ended(road.runs)]).toEqual([false, ends])
        const blocker = await postgres.superuser(road.mas)
        try {
          // Nobody reads the copy any more, so that its run does not begin.
          await blocker.query('BEGIN')
          await blocker.query('LOCK TABLE syn2op_loading.users IN ACCESS EXCLUSIVE MODE')
          running.child.kill('SIGCONT')
          while (!running.hasEnded() && (await ended(road.runs)) === ends) await sleep(20)
          running.child.kill('SIGKILL')
          expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
        } finally {
          await blocker.end()
        }
        expect(await road.people()).toHaveLength(people + 3)
        const { runs } = await done<RunOfTwo>('migrate', '--yes', '--resume')
        expect(runs.map(({ cohort }) => cohort)).toEqual(['pilot', 'pilot'])
        expect(await road.people()).toHaveLength(people + 3)
      })

      it('are proved as far as runs have come, and the others come before the end', async () => {
        const verified = await done<VerifyOfTwo>('verify', road.asOf)
        expect(verified.verifications.map(({ waiting = 0 }) => waiting > 0)).toEqual([true, true])
        expect(typed(verified)).toEqual([both(' --cohort rest'), both(' --online')])
        const { stages, changedSince, next } = await done<StatusDocument>('status', road.asOf)
        expect(stages?.map(({ name, begun }) => [name, begun])).toEqual([
          ['pilot', true],
          ['half', true],
          ['rest', false],
        ])
        // Passwords, which went to Keycloak, are nothing that the copy lacks.
        expect(changedSince?.unchanged).toBeGreaterThan(10)
        expect(next[0]?.commands).toEqual(['syn2op migrate --cohort rest'])
        const people = await road.people()
        const end = await start('migrate', '--final', '--yes', road.asOf).ended
        expect(ending(end, 12)).toBe('exit 12')
        expect(end.stderr).toContain('syn2op migrate --cohort rest')
        expect(await road.people()).toEqual(people)
      })

      it('are linked with everybody else once the copy is in its place', async () => {
        const online = await done<RunOfTwo>('migrate', '--online', '--yes', road.asOf)
        expect(online.runs.map(({ stages = [] }) => stages.every(({ begun }) => begun))).toEqual([true, true])
        const final = await done<RunOfTwo>('migrate', '--final', '--yes', road.asOf)
        const people = (await road.people()).length
        expect(final.links?.links?.written).toBe(people)
        expect(await road.countInMas('upstream_oauth_links')).toBe(people)
        const verified = await done<VerifyOfTwo>('verify', road.asOf)
        expect(verified.verifications.map(({ waiting = 0 }) => waiting)).toEqual([0, 0])
        expect(verified.next.map(({ text }) => text)).toEqual([expect.stringContaining('Tell Synapse to use MAS')])
      })
    })

    describe('with a MAS that has people', () => {
      beforeAll(async () => {
        await makeRoad()
        const stranger = `INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'stranger', now())`
        await postgres.execute(road.mas, stranger)
      }, 300_000)
      afterAll(() => road?.remove())

      it('are linked one by one, and taken back one by one', async () => {
        const pilot = await done<RunOfTwo>('migrate', '--cohort=pilot', '--yes', road.asOf)
        expect(pilot.links).toMatchObject({ cohort: 'pilot', links: { written: 3 } })
        const listed = await listRuns(road.runs, undefined)
        expect(listed.runs.map(({ cohort }) => cohort)).toEqual(['pilot', 'pilot', 'pilot'])
        expect(await road.countInMas('upstream_oauth_links')).toBe(3)
        expect(typed(pilot).slice(0, 2)).toEqual([both(' --cohort half'), both('')])
        expect(pilot.next.map(({ text }) => text).join(' ')).not.toContain('Tell Synapse')
        const verified = await done<VerifyOfTwo>('verify', road.asOf)
        expect(verified.links?.links).toMatchObject({ write: 0, there: 3 })
        expect(typed(verified)).toEqual([both(' --cohort half'), both('')])

        for (const line of pilot.next.at(-1)?.commands ?? []) await takenBack(line)
        expect(await road.people()).toEqual([])
        expect(await road.countInMas('users')).toBe(1)
        expect(await road.countInMas('upstream_oauth_links')).toBe(0)
      })
    })
  },
)
