import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOCUMENT_SCHEMAS } from '../../src/report/schema/documents.ts'
import { runBuiltProgram } from '../support/built-program.ts'
import { type DemoRoad, makeDemoRoad } from '../support/demo-road.ts'
import { testPostgres } from '../support/postgres.ts'

let road: DemoRoad

beforeAll(async () => {
  road = await makeDemoRoad(testPostgres(), { name: 'json_output', accounts: 400, damage: 'all' })
})

afterAll(() => road?.remove())

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
