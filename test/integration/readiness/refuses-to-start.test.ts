import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { loadHomeserver } from '../../../src/synapse/load-homeserver.ts'
import { type InstalledSynapse, installSynapse, whyNoSynapse } from '../../support/synapse/install.ts'
import { judgeSettings } from '../../support/synapse/judge-settings.ts'
import {
  type RefusedSetting,
  type Settings,
  SOUND_SECTION,
  settingsAgainstMas,
  settingsWithMas,
} from '../../support/synapse/settings-with-mas.ts'
import { writeStandInModules } from '../../support/synapse/stand-in-modules.ts'
import { startSynapse } from '../../support/synapse/start.ts'
import { type EndedStart, startEach } from '../../support/synapse/start-each.ts'

const missing = process.env['SYN2OP_TEST_REQUIRE'] === 'all' ? undefined : await whyNoSynapse()
const MODULES = ['modules[0]', 'modules[1]', 'modules[2]', 'modules[3]']
const NAMES = Object.keys(settingsAgainstMas(''))

/** What is found without starting anything, as people read it. */
interface Found {
  readonly path: string
  readonly line: number | undefined
  readonly change: string
}

const read = async (
  file: string,
): Promise<{ readonly conflicts: readonly Found[]; readonly absent: readonly string[] }> => {
  const { conflictsWithMas, unreadable } = await loadHomeserver([file])
  return {
    conflicts: conflictsWithMas.map(({ path, at, remedy }) => ({ path, line: at.line, change: remedy })),
    absent: unreadable.map(({ key }) => key),
  }
}

/** The line of a dotted path, or of the section that a missing key belongs into, looked up in the text. */
const lineOf = (text: string, path: string): number => {
  const lines = text.split('\n')
  let at = -1
  for (const [depth, key] of path.replace('[0]', '.- module').split('.').entries()) {
    const found = lines.findIndex((line, index) => index > at && line.startsWith(`${'  '.repeat(depth)}${key}:`))
    if (found === -1) break
    at = found
  }
  return at + 1
}

/** The settings with one change, done as its words say. */
const changed = (settings: Settings, change: string): Settings => {
  const next = structuredClone(settings) as Record<string, Record<string, unknown>>
  const entry = /^remove the entry (\S+) of modules$/.exec(change)?.[1]
  const removed = /^remove (\S+) \(or put # before each of its lines\)$/.exec(change)?.[1]?.split('.')
  const line = /^(\w+: \w+)(?: \(under (\w+):.*\))?$/.exec(change)
  if (entry !== undefined) {
    const modules = settings['modules'] as readonly { readonly module: string }[]
    return { ...next, modules: modules.filter(({ module }) => module !== entry) }
  }
  if (removed?.length === 1) delete next[removed[0] ?? '']
  else if (removed !== undefined) delete next[removed[0] ?? '']?.[removed[1] ?? '']
  else if (line?.[2] === undefined) Object.assign(next, parse(line?.[1] ?? `no line: ${change}`))
  else Object.assign(next[line[2]] ?? {}, parse(line[1] ?? ''))
  return next
}

describe.skipIf(missing)(`a Synapse 1.163.2 that is to delegate to MAS${missing ? ` (${missing})` : ''}`, () => {
  let folder: string
  let synapse: InstalledSynapse
  const cases = new Map<
    string,
    RefusedSetting & { readonly file: string; readonly text: string; readonly start: EndedStart }
  >()

  const caseOf = (name: string) => {
    const found = cases.get(name)
    if (found === undefined) throw new Error(`${name} was not started`)
    return found
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'syn2op-refused-'))
    await mkdir(join(folder, 'en'))
    await writeFile(join(folder, 'secret'), 'shared')
    await writeStandInModules(join(folder, 'modules'))
    synapse = await installSynapse('1.163.2')
    const written = Object.entries(settingsAgainstMas(folder)).map(([name, refused], index) => ({
      ...refused,
      name,
      file: join(folder, `homeserver-${index}.yaml`),
      text: stringify(settingsWithMas(folder, refused.settings)),
    }))
    for (const { file, text } of written) await writeFile(file, text)
    const starts = await startEach(
      synapse,
      written.map(({ file }) => file),
      join(folder, 'modules'),
    )
    for (const [index, one] of written.entries()) {
      cases.set(one.name, { ...one, start: starts[index] ?? { code: 0, said: 'nothing' } })
    }
  }, 180_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each(NAMES)('refuses %s, and we say where before it starts', async (name) => {
    const { file, text, found = 'conflict', path = name, start, says } = caseOf(name)
    const { conflicts, absent } = await read(file)
    const places = conflicts.map(({ path: at, line }) => ({ path: at, line }))
    expect(places).toEqual(found === 'conflict' ? [{ path, line: lineOf(text, path) }] : [])
    if (found === 'unreadable') expect(absent).toEqual([path])
    expect(start.said).toContain(says)
    expect(start.code).toBeGreaterThan(0)
  })

  test('takes each of these files once its one change is made', async () => {
    const mended = await Promise.all(
      NAMES.map(async (name) => {
        const { file, writes, settings } = caseOf(name)
        if (writes !== undefined) return settingsWithMas(folder, writes)
        const [conflict] = (await read(file)).conflicts
        return changed(settingsWithMas(folder, settings), conflict?.change ?? '')
      }),
    )
    const verdicts = await judgeSettings(synapse, mended)
    expect(NAMES.filter((_, index) => verdicts[index] !== null)).toEqual([])
  })

  test('starts and answers when all that was found in a file with all of them is changed', async () => {
    // `disable_registration` decides over `enable_registration` where both are there.
    const together = [...cases].filter(([, { found, writes }]) => found === undefined && writes === undefined)
    const all: Record<string, unknown> = {}
    for (const [, { settings }] of together) {
      for (const [key, value] of Object.entries(settings)) {
        const before = all[key]
        if (Array.isArray(before)) all[key] = [...before, ...(value as readonly unknown[])]
        else if (typeof before === 'object') all[key] = { ...(value as Settings), ...before }
        else all[key] = value
      }
    }
    const file = join(folder, 'homeserver.yaml')
    await writeFile(file, stringify(settingsWithMas(folder, all)))
    const found = (await read(file)).conflicts
    expect(new Set(found.map(({ path }) => path))).toEqual(
      new Set([
        ...together.map(([name, { path = name }]) => path).filter((path) => path !== 'enable_registration'),
        ...MODULES,
      ]),
    )
    const mended = found.reduce((settings, { change }) => changed(settings, change), settingsWithMas(folder, all))
    await writeFile(file, stringify(mended))
    expect((await read(file)).conflicts).toEqual([])

    const keys = Object.keys(all)
    const running = await startSynapse(synapse, {
      serverName: 'story.example',
      database: { sqlite: join(folder, 'started.db') },
      settings: {
        matrix_authentication_service: SOUND_SECTION,
        enable_registration: null,
        ...Object.fromEntries(keys.map((key) => [key, mended[key] ?? null])),
      },
    })
    const versions = await fetch(`${running.baseUrl}/_matrix/client/versions`).finally(() => running.stop())
    expect(versions.status).toBe(200)
  })
})
