import { describe, expect, it } from 'vitest'
import { asShown, judgeUndo } from '../../../../../src/targets/keycloak/prepare/undo-judgement.ts'
import type { RecordedStep } from '../../../../../src/targets/keycloak/prepare/undo-record.ts'

const CHANGE: RecordedStep = {
  id: 'events',
  what: 'Record no events',
  state: 'done',
  keepers: [],
  work: {
    kind: 'change',
    path: '',
    changes: [
      { at: ['eventsEnabled'], before: true, after: false },
      { at: ['adminEventsEnabled'], before: true, after: false },
    ],
  },
}

const CREATE: RecordedStep = {
  id: 'client synapse',
  what: 'Add the client',
  state: 'begun',
  work: {
    kind: 'create',
    collection: 'clients',
    path: 'clients/1',
    body: {
      clientId: 'synapse',
      webOrigins: [],
      defaultClientScopes: ['basic', 'email'],
      attributes: { pkce: 'S256' },
    },
  },
  keepers: [],
}

describe('what is taken back of a step', () => {
  it('restores the fields that are as they were set, and names those that are not', () => {
    const document = { eventsEnabled: false, adminEventsEnabled: 'changed' }
    expect(judgeUndo(CHANGE, { document, needs: [] })).toEqual({
      kind: 'restore',
      changes: [{ at: ['eventsEnabled'], before: false, after: true }],
      left: ['adminEventsEnabled'],
    })
  })

  it('is nothing where all is as it was before, where the thing is gone, and where the step was never begun', () => {
    const document = { eventsEnabled: true, adminEventsEnabled: true }
    expect(judgeUndo(CHANGE, { document, needs: [] })).toEqual({ kind: 'nothing' })
    expect(judgeUndo(CREATE, { needs: [] })).toEqual({ kind: 'nothing' })
    const off = { eventsEnabled: false, adminEventsEnabled: false }
    expect(judgeUndo({ ...CHANGE, state: 'planned' }, { document: off, needs: [] })).toEqual({ kind: 'nothing' })
  })

  it('is no more than was shown to whoever agreed', () => {
    const [first = { at: [] }, second = { at: [] }] = ['one', 'two'].map((name) => ({ at: [name], after: true }))
    const now = { kind: 'restore', changes: [first, second], left: [] } as const
    expect(asShown(now, { kind: 'restore', changes: [first], left: ['two'] })).toEqual({
      kind: 'restore',
      changes: [first],
      left: ['two'],
    })
    expect(asShown({ ...now, changes: [second] }, { kind: 'restore', changes: [first], left: [] })).toMatchObject({
      kind: 'leave',
    })
  })

  it('deletes what was made, whatever Keycloak has added and in whatever order it answers', () => {
    const document = {
      id: '1',
      clientId: 'synapse',
      secret: 'of Keycloak',
      defaultClientScopes: ['email', 'basic'],
      attributes: { pkce: 'S256', created: '1' },
    }
    expect(judgeUndo(CREATE, { document, needs: [] })).toEqual({ kind: 'delete' })
  })

  it('leaves what somebody has changed, and what people would lose', () => {
    const document = { clientId: 'synapse', defaultClientScopes: ['basic', 'email'], attributes: { pkce: 'S256' } }
    expect(judgeUndo(CREATE, { document, needs: ['2 people would lose it', '1 session is open'] })).toEqual({
      kind: 'leave',
      why: '2 people would lose it; 1 session is open',
    })
    const changed = { ...document, defaultClientScopes: ['basic', 'email', 'roles'] }
    expect(judgeUndo(CREATE, { document: changed, needs: [] })).toMatchObject({ kind: 'leave' })
  })

  it('leaves a group of attributes that somebody has put one into', () => {
    const group = { name: 'matrix' }
    const step: RecordedStep = {
      ...CHANGE,
      work: {
        kind: 'change',
        path: 'users/profile',
        changes: [{ at: ['groups', group], after: group }],
      },
    }
    const used = { attributes: [{ name: 'department', group: 'matrix' }], groups: [group] }
    expect(judgeUndo(step, { document: used, needs: [] })).toMatchObject({ kind: 'leave' })
    const unused = { attributes: [{ name: 'department' }], groups: [group] }
    expect(judgeUndo(step, { document: unused, needs: [] })).toMatchObject({ changes: [{ at: ['groups', group] }] })
  })
})
