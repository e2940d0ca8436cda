import { describe, expect, it } from 'vitest'
import { judgeUndo } from '../../../../../src/targets/auth0/prepare/undo-judgement.ts'
import type { RecordedStep } from '../../../../../src/targets/auth0/prepare/undo-record.ts'

const step = (work: RecordedStep['work'], state: RecordedStep['state'] = 'done'): RecordedStep => ({
  id: 'one',
  what: 'Do it',
  connection: 'people',
  state,
  work,
})

const WIDER = step({
  kind: 'change options',
  changes: [
    { at: ['requires_username'], after: true },
    { at: ['validation', 'username', 'max'], before: 15, after: 128 },
  ],
})

const options = (max: number, requires?: boolean) => ({
  validation: { username: { min: 1, max } },
  ...(requires === undefined ? {} : { requires_username: requires }),
})

const there = (found: Readonly<Record<string, unknown>>, clients: readonly string[] = []) => ({
  connection: { options: found, clients },
})

describe('taking back a step of prepare', () => {
  it('restores options that are as they were set', () => {
    expect(judgeUndo(WIDER, there(options(128, true)))).toEqual({
      kind: 'undo',
      changes: [
        { at: ['requires_username'], before: true },
        { at: ['validation', 'username', 'max'], before: 128, after: 15 },
      ],
    })
  })

  it('leaves all of them where somebody has changed one since', () => {
    expect(judgeUndo(WIDER, there(options(64, true)))).toEqual({
      kind: 'leave',
      why: 'somebody has changed validation.username.max since',
    })
  })

  it('has nothing to do where they are as before, the connection is gone, or it was never begun', () => {
    expect(judgeUndo(WIDER, there(options(15)))).toEqual({ kind: 'nothing' })
    expect(judgeUndo(WIDER, {})).toEqual({ kind: 'nothing' })
    expect(judgeUndo({ ...WIDER, state: 'planned' }, there(options(128, true)))).toEqual({ kind: 'nothing' })
    expect(judgeUndo({ ...WIDER, state: 'undone' }, there(options(128, true)))).toEqual({ kind: 'nothing' })
  })

  it('looks at what is there of a step that was begun and never ended', () => {
    expect(judgeUndo({ ...WIDER, state: 'begun' }, there(options(128, true))).kind).toBe('undo')
  })

  it('leaves what somebody needs, and says who', () => {
    const needs = '3 users are in the connection people whom syn2op wrote'
    expect(judgeUndo(WIDER, { ...there(options(128, true)), needs })).toEqual({ kind: 'leave', why: needs })
  })

  it('deletes a connection that it made only while it is as it was made', () => {
    const made = step({ kind: 'create connection', options: { disable_signup: true } })
    expect(judgeUndo(made, there({ disable_signup: true, added: 'by Auth0' })).kind).toBe('undo')
    expect(judgeUndo(made, there({ disable_signup: false }))).toEqual({
      kind: 'leave',
      why: 'somebody has changed it since',
    })
  })

  it('takes from an application what it was given, and SCIM from a connection', () => {
    const enabled = step({ kind: 'enable application', client: 'element' })
    expect(judgeUndo(enabled, there({}, ['element'])).kind).toBe('undo')
    expect(judgeUndo(enabled, there({}, ['other']))).toEqual({ kind: 'nothing' })
    const scim = step({ kind: 'set up SCIM' })
    const connection = { options: {}, clients: [], scim: { userIdAttribute: 'externalId' } }
    expect(judgeUndo(scim, { connection }).kind).toBe('undo')
    expect(judgeUndo(scim, { connection: { ...connection, scim: 'none' } })).toEqual({ kind: 'nothing' })
  })
})
