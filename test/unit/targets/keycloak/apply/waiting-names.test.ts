import { describe, expect, it } from 'vitest'
import { freeingChanges } from '../../../../../src/targets/keycloak/apply/waiting-names.ts'
import type { PlannedSubject } from '../../../../../src/targets/keycloak/plan/subject.ts'

const change = (username: string, from: string | undefined, to: string | undefined): PlannedSubject => {
  const user = { id: username, username, emailVerified: true, enabled: true, attributes: {}, requiredActions: [] }
  const present = { ...user, ...(from === undefined ? {} : { email: from }) }
  const mxid = `@${username}:example.org`
  return {
    subject: { id: username, decision: { mxid, decision: 'migrate' }, seen: { present } },
    change: { mxid, change: 'update', rows: [] },
    requests: {
      kind: 'change',
      id: username,
      put: { ...user, ...(to === undefined ? {} : { email: to }) },
      removeLinks: [],
      addLinks: [],
      ...(from === undefined ? {} : { freesEmail: from }),
    },
  }
}

const order = (planned: readonly PlannedSubject[]): object => {
  const { steps, ring } = freeingChanges(planned)
  return {
    steps: steps.map((step) => step.map(({ subject }) => subject.id)),
    ring: ring.map(({ id }) => id),
  }
}

describe('addresses that go from one account of a batch to another', () => {
  it.each([
    { what: 'that nobody else wants need no order', planned: [change('a', 'x', 'y')], is: { steps: [], ring: [] } },
    {
      what: 'are given up before they are taken',
      planned: [change('b', undefined, 'x'), change('a', 'x', undefined)],
      is: { steps: [['a']], ring: [] },
    },
    {
      what: 'are given up from the end of a chain',
      planned: [change('c', undefined, 'y'), change('b', 'y', 'x'), change('a', 'x', 'new')],
      is: { steps: [['a'], ['b']], ring: [] },
    },
    {
      what: 'are freed beforehand in a ring, whatever their capitals',
      planned: [change('a', 'X', 'y'), change('b', 'y', 'x'), change('c', 'z', undefined), change('d', undefined, 'z')],
      is: { steps: [['c']], ring: ['a', 'b'] },
    },
  ])('$what', ({ planned, is }) => {
    expect(order(planned)).toEqual(is)
  })
})
