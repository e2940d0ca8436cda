import fc from 'fast-check'
import { expect, test } from 'vitest'
import { didYouMean } from '../../../src/errors/did-you-mean.ts'

const known = ['mapping', 'accept', 'synapse.config', 'synapse.database', 'SYN2OP_TARGET']

test.each([
  ['maping', 'mapping'],
  ['mappign', 'mapping'],
  ['acept', 'accept'],
  ['Synapse.Database', 'synapse.database'],
  ['SYN2OP-TARGTE', 'SYN2OP_TARGET'],
])('%s is taken for %s', (word, meant) => expect(didYouMean(word, known)).toBe(meant))

test.each(['colour', 'x', ''])('%j is like nothing that is known', (word) => {
  expect(didYouMean(word, known)).toBeUndefined()
})

test('a known word is always its own nearest', () => {
  fc.assert(fc.property(fc.constantFrom(...known), (word) => didYouMean(word, known) === word))
})

test('a word with one letter dropped is still recognised', () => {
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.nat(), (word, seed) => {
      const at = seed % word.length
      return didYouMean(word.slice(0, at) + word.slice(at + 1), known) === word
    }),
  )
})
