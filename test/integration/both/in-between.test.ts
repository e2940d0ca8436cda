import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Finding } from '../../../src/findings/finding.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import type { PlanOfTwo, RunOfTwo, VerifyOfTwo } from '../../../src/report/two-targets.ts'
import { type BothRoad, makeBothRoad } from '../../support/both/both-road.ts'
import { ending, type RunningProgram, startBuiltProgram } from '../../support/built-program.ts'
import { whyNoKeycloak } from '../../support/keycloak/distribution.ts'
import { sharedKeycloak } from '../../support/keycloak/shared-server.ts'
import { testPostgres } from '../../support/postgres.ts'

const missing = await whyNoKeycloak()
const postgres = testPostgres()

/** Of the runs that have ended well, how many there are. */
const ended = async (runs: string): Promise<number> => {
  const files = await readdir(runs, { recursive: true })
  return files.filter((file) => basename(file) === 'report.json').length
}

const CODE = 'LINK_NOT_AT_KEYCLOAK'

const acceptedCodes = ({ findings }: { readonly findings: readonly Finding[] }): readonly string[] =>
  findings.flatMap(({ code, accepted }) => (accepted === undefined ? [] : [code]))

/** Of somebody who can log in. */
const someUsername = async ({ synapse }: BothRoad): Promise<string> => {
  const [row] = await postgres.execute(
    synapse,
    `SELECT name FROM users WHERE name ~ '^@[a-z]+:' AND deactivated = 0 AND is_guest = 0 AND appservice_id IS NULL
       AND password_hash IS NOT NULL ORDER BY name LIMIT 1`,
  )
  return String(row?.['name']).replace(/^@(.*):.*$/u, '$1')
}

const only = ({ outcomes = [] }: RunDocument): readonly string[] =>
  outcomes.map(({ outcome }) => outcome).filter((one) => one !== 'held back')

describe.skipIf(missing !== undefined)(
  `between Keycloak and MAS${missing === undefined ? '' : ` (${missing})`}`,
  { timeout: 300_000 },
  () => {
    const roads: BothRoad[] = []
    const newRoad = async (): Promise<BothRoad> => {
      const road = await makeBothRoad(await sharedKeycloak(), postgres, {
        name: `both_${randomBytes(3).toString('hex')}`,
        accounts: 40,
      })
      roads.push(road)
      return road
    }
    afterEach(async () => {
      for (const road of roads.splice(0)) await road.remove()
    })

    const start = (road: BothRoad, command: string, ...more: readonly string[]) =>
      startBuiltProgram([command, ...road.flags, ...more], { folder: road.folder })
    const done = async <Result>(road: BothRoad, command: string, ...more: readonly string[]): Promise<Result> => {
      const end = await start(road, command, '--json', ...more).ended
      expect(ending(end, 0)).toBe('exit 0')
      return JSON.parse(end.stdout) as Result
    }

    /** A run that has given people to Keycloak, has not come to MAS, and stands still until it is told to go on. */
    const haltedAtKeycloak = async (): Promise<{ readonly road: BothRoad; readonly running: RunningProgram }> => {
      for (let tries = 1; ; tries++) {
        const road = await newRoad()
        const running = start(road, 'migrate', '--yes', '--max-rate=20', road.asOf)
        onTestFinished(() => void running.child.kill('SIGKILL'))
        while (!running.hasEnded() && (await road.people()).length === 0) await sleep(20)
        running.child.kill('SIGSTOP')
        // On a machine that comes late it may be beyond Keycloak already.
        if (!running.hasEnded() && (await ended(road.runs)) === 0) return { road, running }
        if (tries === 4) throw new Error(`It cannot be halted in time: ${running.told()}`)
      }
    }

    it('a process dies, and the same command does the rest', async () => {
      const { road, running } = await haltedAtKeycloak()
      const blocker = await postgres.superuser(road.mas)
      try {
        // Nobody reads MAS any more, so that its run does not begin.
        await blocker.query('BEGIN')
        await blocker.query('LOCK TABLE users IN ACCESS EXCLUSIVE MODE')
        running.child.kill('SIGCONT')
        while (!running.hasEnded() && (await ended(road.runs)) === 0) await sleep(20)
        running.child.kill('SIGKILL')
        expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
      } finally {
        await blocker.end()
      }
      expect(await ended(road.runs)).toBe(1)
      expect(await road.countInMas('users')).toBe(0)
      const people = await road.people()

      const { runs, links, next } = await done<RunOfTwo>(road, 'migrate', '--yes', '--resume')
      expect(runs.map(({ target, road: kind }) => `${target.product} ${kind}`)).toEqual([
        'Keycloak undefined',
        'MAS load',
      ])
      expect(only(runs[0] as RunDocument)).toEqual(['unchanged'])
      expect(await road.people()).toEqual(people)
      expect(links?.links?.written).toBe(people.length)

      const files = road.flags.filter((flag) => !flag.startsWith('--target=') && !flag.startsWith('--accept='))
      // People came with the run that died before MAS was reached; the other one found them.
      for (const command of [...(next.at(-1)?.commands ?? []), 'syn2op rollback last --target keycloak']) {
        const [, ...words] = command.split(' ')
        const end = await startBuiltProgram([...words, ...files, '--yes'], { folder: road.folder }).ended
        expect(ending(end, 0)).toBe('exit 0')
      }
      expect(await road.people()).toEqual([])
      expect(await road.countInMas('users')).toBe(0)
      expect(await road.countInMas('upstream_oauth_links')).toBe(0)
    })

    it('nothing of MAS begins once it was asked to stop, and what is left is gone on with', async () => {
      const road = await newRoad()
      // So slow that however late it is asked to stop, somebody is left.
      const running = start(road, 'migrate', '--yes', '--max-rate=1', road.asOf)
      while (!running.hasEnded() && (await road.people()).length === 0) await sleep(20)
      running.child.kill('SIGINT')
      const end = await running.ended
      expect(ending(end, 130)).toBe('exit 130')
      expect(end.stdout).toContain('It did not come to its end.')
      expect(end.stderr).toMatch(/Go on with it: syn2op migrate --target=keycloak --target=mas .* --resume/u)
      expect(await road.countInMas('users')).toBe(0)
      const some = (await road.people()).length

      const { runs, links } = await done<RunOfTwo>(road, 'migrate', '--yes', '--resume')
      expect(runs.map(({ resumed = false }) => resumed)).toEqual([true, false])
      const people = (await road.people()).length
      expect(people).toBeGreaterThan(some)
      expect(links?.links?.written).toBe(people)
    })

    it.each([
      {
        why: 'it is not as it was',
        code: 10,
        change: ({ mas }: BothRoad) => postgres.execute(mas, 'ALTER TABLE users ADD COLUMN added text NOT NULL'),
      },
      {
        why: 'nobody gets in',
        code: 5,
        change: ({ mas }: BothRoad) => postgres.execute('postgres', `ALTER DATABASE ${mas} ALLOW_CONNECTIONS false`),
      },
    ])('a run into MAS that fails since $why says what stands at Keycloak', async ({ change, code }) => {
      const { road, running } = await haltedAtKeycloak()
      await change(road)
      running.child.kill('SIGCONT')
      const end = await running.ended
      expect(ending(end, code)).toBe(`exit ${code}`)
      expect(end.stderr).toMatch(/What ended before stands: run \S+ into Keycloak\./u)
      expect(end.stderr).toContain('The same again finds it there, and does the rest: syn2op migrate --target=keycloak')
    })

    it('a copy for MAS comes first, and links once it stands in its place', async () => {
      const road = await newRoad()
      const online = await done<RunOfTwo>(road, 'migrate', '--online', '--yes', road.asOf)
      expect(online.runs.map((run) => run.road)).toEqual([undefined, 'online'])
      expect(online).not.toHaveProperty('links')
      // Their table stands aside.
      await expect(road.countInMas('users')).rejects.toThrow('does not exist')
      const people = (await road.people()).length
      expect(people).toBeGreaterThan(20)
      const between = await done<VerifyOfTwo>(road, 'verify', road.asOf)
      expect(between).not.toHaveProperty('links')

      const end = await start(road, 'migrate', '--final', '--yes', road.asOf).ended
      expect(ending(end, 0)).toBe('exit 0')
      expect(end.stdout).toMatch(
        /^Both are filled, and their people linked, but for \d+ accounts at MAS without a login/mu,
      )
      expect(await road.countInMas('upstream_oauth_links')).toBe(people)
      const back = end.stdout.match(/syn2op (?:link --to mas --undo|rollback) \S+/gu) ?? []
      expect(back.map((one) => one.split(' ')[1])).toEqual(['link', 'rollback', 'rollback'])
      await done<VerifyOfTwo>(road, 'verify', road.asOf)

      // As where it ended before the links: the same again does the rest.
      for (const more of [[road.asOf], ['--resume']]) {
        await postgres.execute(road.mas, 'DELETE FROM upstream_oauth_links')
        const again = await done<RunOfTwo>(road, 'migrate', '--final', '--yes', ...more)
        expect(again.runs[1]?.road).toBe('merge')
        expect(again.links?.links?.written).toBe(people)
      }
    })

    it('whom only MAS takes is named, and nobody is shut out unless somebody accepts it', async () => {
      const road = await newRoad()
      const name = await someUsername(road)
      await road.realm.admin.post('users', { username: name, enabled: true })
      const wholesale = '--accept=all-warnings'
      const all = await done<PlanOfTwo>(road, 'plan', '--no-forecast', road.asOf)
      const codes = new Set([...all.plans, ...(all.links === undefined ? [] : [all.links])].flatMap(acceptedCodes))
      expect(codes).toContain(CODE)
      const others = [...codes].filter((code) => code !== CODE).map((code) => `--accept=${code}`)
      const typed = (command: string, ...more: readonly string[]) =>
        startBuiltProgram([command, ...road.flags.filter((flag) => flag !== wholesale), ...others, ...more], {
          folder: road.folder,
        }).ended

      const shown = await typed('plan', '--no-forecast', road.asOf)
      expect(ending(shown, 0)).toBe('exit 0')
      expect(shown.stdout).toMatch(/^To MAS, and not to Keycloak: \d+ accounts$/mu)
      expect(shown.stdout).toContain(`@${name}:demo.example (somebody else has the name: `)
      expect(shown.stdout.replaceAll(/\s+/gu, ' ')).toContain('(a username that the target cannot have)')
      expect(shown.stdout).toContain('There are warnings to acknowledge.')

      const refused = await typed('migrate', '--yes', road.asOf)
      expect(ending(refused, 11)).toBe('exit 11')
      expect(refused.stderr).toContain(`Links: ${CODE}`)
      expect((await road.people()).map(({ username }) => username)).toEqual([name])
      expect(await road.countInMas('users')).toBe(0)

      // What is in nobody's way but the stranger's turns out only while Keycloak is filled.
      const byDecision = (all.links?.findings ?? []).find(({ code }) => code === CODE)?.samples ?? []
      for (const sample of byDecision) {
        const [mxid = ''] = sample.split(' ')
        if (mxid !== `@${name}:demo.example`)
          await postgres.execute(road.synapse, `DELETE FROM users WHERE name = '${mxid}'`)
      }
      const filled = await typed('migrate', '--yes', road.asOf)
      expect(ending(filled, 3)).toBe('exit 3')
      expect(filled.stdout).toMatch(/^At MAS, and not at Keycloak: 1 account$/mu)
      expect(filled.stdout).toContain(`@${name}:demo.example (somebody else has the name: `)
      expect(filled.stdout).toContain('their people linked, but for 1 account at MAS')
      expect(await road.countInMas(`users WHERE username = '${name}'`)).toBe(1)
      expect(await road.countInMas('upstream_oauth_links')).toBe((await road.people()).length - 1)

      const verified = await typed('verify', road.asOf)
      expect(ending(verified, 12)).toBe('exit 12')
      expect(verified.stdout).toContain('Not everything is as it should be.')
      const accepted = await typed('verify', `--accept=${CODE}`, road.asOf)
      expect(ending(accepted, 0)).toBe('exit 0')
      expect(accepted.stdout).toContain('so do the links, but for 1 account at MAS')
    })
  },
)
