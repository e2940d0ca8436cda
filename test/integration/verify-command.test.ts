import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEMO_CANARIES } from '../../src/rehearsal/demo/canaries.ts'
import { DEMO } from '../../src/rehearsal/demo/constants.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { startMatrixStandIn } from '../support/matrix-server.ts'
import { testPostgres } from '../support/postgres.ts'
import { readPredictions } from '../support/predictions.ts'
import { runProgram } from '../support/run-program.ts'

describe('syn2op verify', () => {
  let road: DemoRoad

  const verify = (...flags: readonly string[]) =>
    runProgram(['verify', ...road.flags, ...flags], { folder: road.folder })

  beforeAll(async () => {
    road = await makeDemoRoad(testPostgres(), { name: 'verify_command', accounts: 40, damage: 'all' })
    const { code, stderr } = await runProgram(['migrate', ...road.flags, '--yes'], { folder: road.folder })
    expect(stderr).not.toContain('rror')
    expect(code).toBe(0)
  })
  afterAll(() => road?.remove())

  test('compares a sample field by field, and writes the list of what a sync would delete', async () => {
    const { code, stdout } = await verify('--sample=10', '--field-by-field', '--report=predictions=lost.csv')
    expect(code).toBe(0)
    expect(stdout).toMatch(/fields of \d+ rows of 10 accounts compared, all equal/u)
    expect(await readPredictions(join(road.folder, 'lost.csv'))).toContainEqual({
      mxid: '@456789:demo.example',
      device: 'GUESTPHONE',
      what: 'device is deleted',
      reason: 'account_guest',
      name: '',
    })
  })

  test('ends with 12 when a sampled field is another', async () => {
    const database = testPostgres()
    await database.execute(road.mas, `UPDATE users SET is_guest = NOT is_guest WHERE username = 'bob'`)
    const { code, stdout } = await verify('--sample=100000', '--field-by-field', '--sample-seed=all')
    await database.execute(road.mas, `UPDATE users SET is_guest = NOT is_guest WHERE username = 'bob'`)
    expect(code).toBe(12)
    expect(stdout).toContain('users: @bob:demo.example: is_guest is true, should be false')
  })

  test('tries old tokens from a file that only its owner may read, and says what each did', async () => {
    const [alice] = DEMO_CANARIES
    if (alice === undefined) throw new Error('The demo has canaries')
    const mxid = `@${alice.localpart}:${DEMO.serverName}`
    const file = join(road.folder, 'tokens')
    await writeFile(file, `${mxid} ${alice.device} ${alice.accessToken}\n`, { mode: 0o600 })
    const server = await startMatrixStandIn({
      tokens: new Map([[alice.accessToken, { user: mxid, device: alice.device }]]),
      passwords: new Map(),
    })
    try {
      const good = await verify(`--tokens=${file}`, `--homeserver-url=${server.url}`)
      expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('works, as foretold')])
      await chmod(file, 0o644)
      const refused = await verify(`--tokens=${file}`, `--homeserver-url=${server.url}`)
      expect([refused.code, refused.stderr]).toEqual([64, expect.stringContaining(`chmod 600 ${file}`)])
      expect(good.stdout + good.stderr + refused.stdout + refused.stderr).not.toContain(alice.accessToken)
    } finally {
      await server.stop()
    }
  })

  test.each([
    [['--sample=3'], '--field-by-field'],
    [['--tokens=-'], '--homeserver-url'],
    [['--canaries=/dev/null', '--mas-url=https://me:secret@mas.example'], 'without user and password'],
  ])('with %j alone is refused with 64 and told the rest', async (flags, told) => {
    const { code, stderr } = await verify(...flags)
    expect([code, stderr]).toEqual([64, expect.stringContaining(told)])
    expect(stderr).not.toContain('me:secret')
  })

  test('is told where passwords log in, where the target itself cannot say whether it takes them', async () => {
    const file = join(road.folder, 'canaries')
    await writeFile(file, `@erin:${DEMO.serverName} a password\n`, { mode: 0o600 })
    const { code, stderr } = await verify(`--canaries=${file}`)
    expect([code, stderr]).toEqual([64, expect.stringContaining('--mas-url')])
    expect(stderr).not.toContain('a password')
  })
})
