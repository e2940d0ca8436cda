import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RunEntry } from '../../../src/report/runs-document.ts'
import { explanationSchema } from '../../../src/report/schema/explanation.ts'
import { runsSchema } from '../../../src/report/schema/runs.ts'
import { statusSchema } from '../../../src/report/schema/status.ts'
import type { TargetStatus } from '../../../src/report/status.ts'
import { statusSteps } from '../../../src/report/status-steps.ts'
import { renderExplanation } from '../../../src/report/text/explanation.ts'
import { renderRuns } from '../../../src/report/text/runs.ts'
import { renderStatus } from '../../../src/report/text/status.ts'
import { textWidth } from '../../../src/terminal/text.ts'
import { pausedStatus, stoppedStatus } from '../../support/ended-early-documents.ts'
import { golden } from '../../support/golden.ts'
import {
  explanationDocument,
  heldBackExplanation,
  onlineStatus,
  runsDocument,
  unaskedStatus,
} from '../../support/run-documents.ts'

const PLAIN = { width: 100, colour: 'off' } as const

const TEXTS: Readonly<Record<string, string>> = {
  'runs': renderRuns(runsDocument, PLAIN),
  'status-online': renderStatus(onlineStatus, PLAIN),
  'status-not-asked': renderStatus(unaskedStatus, PLAIN),
  'status-stopped': renderStatus(stoppedStatus, PLAIN),
  'status-paused': renderStatus(pausedStatus, PLAIN),
  'explanation': renderExplanation(explanationDocument, PLAIN),
  'explanation-held-back': renderExplanation(heldBackExplanation, PLAIN),
}

describe('what is shown about runs', () => {
  it.each(Object.entries(TEXTS))('%s reads as it was agreed, in 100 columns', (name, text) => {
    expect(text).toBe(golden(`${name}.txt`, text))
    expect(text.split('\n').filter((line) => textWidth(line) > 100)).toEqual([])
  })

  it('is what its schemas say', () => {
    expect(runsSchema.strict().parse(runsDocument)).toEqual(runsDocument)
    for (const document of [onlineStatus, unaskedStatus, stoppedStatus, pausedStatus])
      expect(statusSchema.strict().parse(document)).toEqual(document)
    for (const document of [explanationDocument, heldBackExplanation]) {
      expect(explanationSchema.strict().parse(document)).toEqual(document)
    }
  })

  it('says of an account that somebody changed at the target that this stays', () => {
    const rows = [
      { relation: 'account', create: 0, update: 0, remove: 0, unchanged: 0, theirs: 1, foreign: 0 },
    ] as const
    const shown = renderExplanation({ ...explanationDocument, target: { change: 'unchanged', rows } }, PLAIN)
    expect(shown).toContain('somebody has changed it there since: that stays')
    expect(shown).not.toContain('as it should be')
  })

  it('holds nothing that a terminal obeys, whatever a device or a person is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        const text = renderExplanation(
          {
            ...explanationDocument,
            mxid: name,
            rows: [{ relation: 'session', deviceId: name, displayName: name, decision: 'carry' }],
            predictions: [{ code: 'login_ends', message: name }],
          },
          PLAIN,
        )
        expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Bidi_Control}|\p{Surrogate}/u)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the target of each run', () => {
  const shown = (...targets: readonly (string | undefined)[]) => {
    const [entry] = runsDocument.runs
    if (entry === undefined) throw new Error('the document has runs')
    const { target: _, ...others } = entry
    const runs = targets.map((target) => ({ ...others, ...(target === undefined ? {} : { target }) }))
    return renderRuns({ ...runsDocument, runs }, PLAIN).split('\n')
  }

  it('is told once where all of them share it', () => {
    const lines = shown('MAS at mas@db/mas', 'MAS at mas@db/mas')
    expect(lines[0]).toMatch(/Accounts$/u)
    expect(lines.filter((line) => line.includes('mas@db/mas'))).toEqual(['To MAS at mas@db/mas.'])
  })

  it('has a column where they differ, or that of one is unknown', () => {
    for (const targets of [['MAS at mas@db/mas', 'MAS at mas@db/other'], ['MAS at mas@db/mas', undefined], [undefined]])
      expect(shown(...targets)[0]).toMatch(/ To$/u)
  })
})

const run = (state: RunEntry['state'], more: Partial<RunEntry> = {}): RunEntry => ({
  runId: '20261121-220000-07da',
  state,
  record: 'folder',
  ...more,
})
const at = (state: TargetStatus['state'], more: Partial<TargetStatus> = {}): TargetStatus => ({
  product: 'MAS',
  location: 'mas@db/mas',
  state,
  final: false,
  ...more,
})
const typed = (runs: readonly RunEntry[], target: TargetStatus | 'not asked'): readonly string[] =>
  statusSteps({ source: 'not asked', target, runs }).flatMap(({ commands }) => commands)

describe('what to type next', () => {
  it('follows how far the target has come', () => {
    expect(typed([], at('empty'))).toEqual(['syn2op check', 'syn2op migrate --online', 'syn2op migrate'])
    const since = '2026-11-21T22:00:00.000Z'
    expect(typed([], at('online', { since }))).toEqual(['syn2op migrate --online', 'syn2op migrate --final'])
    expect(typed([], at('migrated'))).toEqual(['syn2op verify'])
    expect(typed([], at('people'))).toEqual(['syn2op plan', 'syn2op migrate'])
  })

  it('is not to go on with a copy that was never finished', () => {
    expect(typed([], at('online'))).toEqual(['syn2op check'])
    expect(renderStatus({ ...onlineStatus, target: at('online') }, PLAIN)).toContain('half filled by a run')
  })

  it('is the command of a run that did not end, as a shell reads it back', () => {
    const command = ['syn2op', 'migrate', '--online', '--as-of', '2026-11-21T22:00:00Z', '--mapping', "it's mine.yaml"]
    expect(typed([run('unfinished', { kind: 'online', command })], at('online'))).toEqual([
      String.raw`syn2op migrate --online --mapping 'it'\''s mine.yaml' --resume`,
    ])
  })

  it('of a load that died takes back what it left, but for rows that are in their place', () => {
    const load = run('unfinished', { kind: 'load', command: ['syn2op', 'migrate'] })
    const told = (one: RunEntry, target: TargetStatus | 'not asked') =>
      statusSteps({ source: 'not asked', target, runs: [one] }).map(({ text, commands }) => [text, ...commands])
    expect(told(load, at('empty'))).toEqual([
      [expect.stringContaining('which first takes back what it left:'), 'syn2op migrate --resume'],
    ])
    expect(told(load, 'not asked')).toEqual([
      [expect.stringContaining('takes back what it left, or puts it on record:'), 'syn2op migrate --resume'],
    ])
    const standing = told({ ...load, unrecorded: true }, at('migrated'))
    expect(standing).toEqual([[expect.stringContaining('Put them on record'), 'syn2op migrate --resume']])
    expect(standing[0]?.[0]).not.toContain('takes back')
  })

  it('is to begin again where nothing was written, unless an older run waits', () => {
    const command = ['syn2op', 'migrate', '--as-of', '2026-11-21T22:00:00Z', '--yes']
    const died = run('unfinished', { kind: 'merge', command, nothingWritten: true })
    const older = run('unfinished', { runId: '20261120-220000-07da', kind: 'merge', command: ['syn2op', 'migrate'] })
    expect(typed([died, run('done')], at('unknown'))).toEqual(['syn2op migrate --as-of 2026-11-21T22:00:00Z --yes'])
    expect(typed([died], 'not asked')).toEqual(['syn2op migrate --as-of 2026-11-21T22:00:00Z --yes'])
    expect(typed([died, older], at('unknown'))).toEqual(['syn2op migrate --resume'])
  })

  it('is to prove a run into a target that keeps no record, and to migrate where there was none', () => {
    expect(typed([run('done', { kind: 'merge' })], at('unknown'))).toEqual(['syn2op verify', 'syn2op migrate'])
    expect(typed([run('done', { kind: 'link' })], at('unknown'))).toEqual([
      'syn2op check',
      'syn2op plan',
      'syn2op migrate',
    ])
  })

  it('leaves out runs into another target than the one that was asked', () => {
    const elsewhere = run('unfinished', { kind: 'merge', target: 'MAS at mas@db/rehearsal' })
    const here = run('unfinished', { kind: 'merge', target: 'MAS at mas@db/mas' })
    expect(typed([elsewhere], at('migrated'))).toEqual(['syn2op verify'])
    expect(typed([run('running', { target: 'MAS at mas@db/rehearsal' }), here], at('migrated'))).toEqual([
      'syn2op migrate --resume',
    ])
    expect(typed([{ ...elsewhere, record: 'both' }], at('migrated'))).toEqual(['syn2op migrate --resume'])
    expect(typed([elsewhere], 'not asked')).toEqual(['syn2op migrate --resume'])
  })

  it('of a rollback names what that took back: by now the last run may be another', () => {
    const command = ['syn2op', 'rollback', 'last', '--yes']
    const rollback = run('unfinished', { kind: 'rollback', command, takesBack: '20261121-220000-aaaa' })
    expect(typed([rollback], at('migrated'))).toEqual(['syn2op rollback 20261121-220000-aaaa --yes'])
  })

  it('is nothing while a run is at work', () => {
    expect(typed([run('running')], at('online'))).toEqual([])
  })

  it('while a rollback is at work is to wait, or to stop it: for how long it works, how far it is, and where', () => {
    const work = { milliseconds: 424_000, accounts: 643, done: 120, process: { pid: 4711, host: 'night' } }
    const { runId, ...rollback } = run('running', { kind: 'rollback', ...work })
    const [step] = statusSteps({ source: 'not asked', target: at('unknown'), runs: [{ runId, ...rollback }] })
    expect(step).toEqual({
      text: `Wait for rollback ${runId}, which is at work (for 7 min 4 s, 120 of 643 accounts). Or ask it to stop, on night:`,
      commands: ['kill -INT 4711'],
    })
    const shown = renderStatus({ ...onlineStatus, runs: [{ runId, ...rollback }] }, PLAIN)
    expect(shown).toContain('120 of 643')
  })

  it('is nothing while a run works that has no record here, and says whose it is', () => {
    const told = (heldBy: NonNullable<TargetStatus['heldBy']>) =>
      statusSteps({ source: 'not asked', target: at('empty', { heldBy }), runs: [run('unfinished')] })
    expect(told({ pid: 22309, host: 'night' })).toEqual([
      { text: 'Wait for process 22309 on night, which holds the target.', commands: [] },
    ])
    expect(told('unknown').flatMap(({ commands }) => commands)).toEqual([])
  })

  it('without the configurations is to give them', () => {
    expect(typed([run('done')], 'not asked')).toEqual([
      'syn2op status --synapse-config homeserver.yaml --target-config config.yaml',
    ])
  })
})
