import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCUMENT_SCHEMAS } from '../../src/report/schema/document-schemas.ts'
import { runBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { testPostgres } from '../support/postgres.ts'

let road: DemoRoad

beforeAll(async () => {
  road = await makeDemoRoad(testPostgres(), { name: 'json_output', accounts: 400, damage: 'all' })
})

afterAll(() => road?.remove())

/** Matrix ids, addresses and device ids of the homeserver, but such as everybody has. */
const namesIn = async ({ postgres, synapse }: DemoRoad): Promise<readonly string[]> => {
  const rows = await postgres.execute(
    synapse,
    `
      SELECT name FROM users WHERE length(name) > 12
      UNION SELECT address FROM user_threepids WHERE length(address) > 6
      UNION SELECT device_id FROM devices WHERE length(device_id) > 7 AND device_id <> 'guest_device'
    `,
  )
  // A device may be called by a word that stands in our own sentences.
  return rows.map(({ name }) => String(name)).filter((name) => /[\d@:]/u.test(name))
}

/** In the order of a night: each finds what the one before has left. */
const NIGHT = [
  ['check', 'check', []],
  ['plan', 'plan', []],
  ['migrate', 'run', ['--yes']],
  ['verify', 'verify', []],
] as const

describe('--json', () => {
  it.each(NIGHT)('%s prints one document, a %s, and nothing else', async (command, kind, args) => {
    const { code, stdout } = await runBuiltProgram([command, '--json', ...args, ...road.flags])
    const document: unknown = JSON.parse(stdout)
    expect(DOCUMENT_SCHEMAS[kind].strict().parse(document)).toEqual(document)
    expect(document).toMatchObject({ kind, serverName: 'demo.example', asOf: '2026-11-01T00:00:00.000Z' })
    expect(code).toBe(0)
  })

  it('names nobody with --pseudonymise, in no report and not in the list of predictions', async () => {
    const at = (name: string): string => join(road.folder, name)
    const files = ['html', 'markdown', 'csv', 'junit', 'sarif', 'text', 'predictions'].map((kind) => [kind, at(kind)])
    const { code, stdout } = await runBuiltProgram([
      'verify',
      '--json',
      `--pseudonymise=${at('key')}`,
      ...road.flags,
      ...files.flatMap(([kind, file]) => ['--report', `${kind}=${file}`]),
    ])
    expect(code).toBe(0)
    const shown = [stdout, ...files.map(([, file = '']) => readFileSync(file, 'utf8'))]
    expect(shown.at(-1)?.split('\r\n').length).toBeGreaterThan(20)
    const people = await namesIn(road)
    expect(people.length).toBeGreaterThan(500)
    for (const text of shown) expect(people.filter((name) => text.includes(name))).toEqual([])
  })

  it('says of status --upgraded that MAS does not tell whose password it has hashed anew', async () => {
    const { code, stdout } = await runBuiltProgram(['status', '--upgraded', '--json', ...road.flags])
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'run.not-possible', next: [expect.stringContaining('Ask without --upgraded')] },
    })
    expect(code).toBe(JSON.parse(stdout).error.exitCode)
  })

  it('prints an error as a document, too', async () => {
    const { code, stdout } = await runBuiltProgram([
      'check',
      '--json',
      '--synapse-config',
      'absent.yaml',
      '--target-config',
      'x',
    ])
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'config.unreadable', exitCode: 64 } })
    expect(code).toBe(64)
  })
})
