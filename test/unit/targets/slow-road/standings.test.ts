import { describe, expect, it } from 'vitest'
import { type Mover, type Need, type Standing, standingsOf } from '../../../../src/targets/slow-road/standings.ts'

const mover = (id: string, gives: readonly string[], needs: readonly Need[] = []): Mover => ({
  id,
  gives: new Set(gives),
  needs,
})

const need = (name: string, holder: string, more: Partial<Need> = {}): Need => ({
  name,
  holder,
  otherwise: 'keeps',
  isLeft: false,
  ...more,
})

const stranger = need('email s', 'stranger')
const later = need('email l', 'ours elsewhere', { otherwise: 'later' })

const CASES: readonly { readonly what: string; readonly movers: readonly Mover[]; readonly is: Standing }[] = [
  { what: 'who gives it up gives it', movers: [mover('ann', ['email x'])], is: 'gives' },
  { what: 'who is of the batch and does not give it up keeps it', movers: [mover('ann', [])], is: 'keeps' },
  {
    what: 'a stranger is in the way of who would give it up',
    movers: [mover('ann', ['email x'], [stranger])],
    is: 'keeps',
  },
  {
    what: 'a stranger whose name is left is in nobody’s way',
    movers: [mover('ann', ['email x'], [{ ...stranger, isLeft: true }])],
    is: 'gives',
  },
  { what: 'who would give it up waits', movers: [mover('ann', ['email x'], [later])], is: 'later' },
  {
    what: 'who would give it up waits, though what they wait for could be left',
    movers: [mover('ann', ['email x'], [{ ...later, isLeft: true }])],
    is: 'later',
  },
  {
    what: 'who would give it up waits and meets a stranger too',
    movers: [mover('ann', ['email x'], [later, stranger])],
    is: 'keeps',
  },
  {
    what: 'a ring moves',
    movers: [mover('ann', ['email x'], [need('email y', 'ben')]), mover('ben', ['email y'], [need('email x', 'ann')])],
    is: 'gives',
  },
  {
    what: 'a stranger stops a whole chain, in whichever order it is told',
    movers: [
      mover('ann', ['email x'], [need('email y', 'ben')]),
      mover('ben', ['email y'], [need('email z', 'cid')]),
      mover('cid', ['email z'], [stranger]),
    ],
    is: 'keeps',
  },
  {
    what: 'a chain waits for its end',
    movers: [
      mover('cid', ['email z'], [later]),
      mover('ben', ['email y'], [need('email z', 'cid')]),
      mover('ann', ['email x'], [need('email y', 'ben')]),
    ],
    is: 'later',
  },
]

describe('who has the name x, which ann has now', () => {
  it.each(CASES)('$is: $what', ({ movers, is }) => {
    expect(standingsOf(movers)(need('email x', 'ann'))).toBe(is)
  })

  it('of a holder who is not of the batch is what is known of them', () => {
    expect(standingsOf([])(later)).toBe('later')
    expect(standingsOf([])(stranger)).toBe('keeps')
  })
})
