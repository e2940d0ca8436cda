import { describe, expect, it } from 'vitest'
import { parseCommandFile } from '../../support/ci/command-files.ts'
import { type ExpressionContext, fillIn, type JobStatus, runsIf } from '../../support/ci/expression.ts'
import { gitlabJob } from '../../support/ci/gitlab-runner.ts'

const context = (status: JobStatus = 'success'): ExpressionContext => ({
  status,
  at: (path) => {
    if (path.join('.') === 'inputs.node-version') return '24'
    if (path.join('.') === 'inputs.none') return ''
    throw new Error(`Nothing is known of ${path.join('.')}`)
  },
})

/** As it stands in a file. */
const written = (expression: string): string => `\${{ ${expression} }}`

describe('an expression of GitHub, as the tests evaluate it', () => {
  it('is replaced by its value', () => {
    const text = `a ${written('inputs.node-version')} and ${written("inputs.none || 'it''s'")}`
    expect(fillIn(text, context())).toBe("a 24 and it's")
    expect(fillIn(written("inputs.none == '' && 'yes'"), context())).toBe('yes')
  })

  it.each([
    ['inputs.unknown', 'Nothing is known of inputs.unknown'],
    ['toJSON(inputs)', 'is missing'],
    ['hashFiles()', 'No function hashFiles'],
    ['inputs.none ! ', 'Not understood'],
    ['inputs.none inputs.none', 'Not understood'],
  ])('is refused when it is none that we know: %s', (expression, words) => {
    expect(() => fillIn(written(expression), context())).toThrow(words)
  })

  it('has an end', () => {
    expect(() => fillIn(written('inputs.none').slice(0, -1), context())).toThrow('has no end')
  })

  it('decides whether a step runs; after a failure only where its status is asked for', () => {
    expect(runsIf(undefined, context())).toBe(true)
    expect(runsIf(undefined, context('failure'))).toBe(false)
    expect(runsIf("inputs.node-version != ''", context())).toBe(true)
    expect(runsIf("inputs.node-version != ''", context('failure'))).toBe(false)
    expect(runsIf(written("inputs.none != ''"), context())).toBe(false)
    expect(runsIf('always()', context('cancelled'))).toBe(true)
    expect(runsIf('failure()', context())).toBe(false)
  })
})

describe('what a step writes to the file of its outputs', () => {
  it('is read line by line, or as lines up to a word', () => {
    const found = parseCommandFile('a=1=2\nb<<END\nx=1\ny\nEND\n\nc=\n')
    expect([...found]).toEqual([
      ['a', '1=2'],
      ['b', 'x=1\ny'],
      ['c', ''],
    ])
    expect(() => parseCommandFile('without a sign\n')).toThrow('Invalid format')
    expect(() => parseCommandFile('a<<END\nx\n')).toThrow('no end')
  })
})

describe('a job of GitLab', () => {
  it('has what it extends: tables are merged, lists are replaced', () => {
    const base = '.base: {script: [a, b], variables: {ONE: "1", TWO: "2"}}\n.middle: {extends: .base, script: [c]}'
    expect(gitlabJob([base, 'job: {extends: .middle, variables: {TWO: "3"}}'], 'job')).toEqual({
      script: ['c'],
      variables: { ONE: '1', TWO: '3' },
    })
    expect(() => gitlabJob([base], '.none')).toThrow('There is no job .none')
  })
})
