import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Syn2opError } from '../../../src/errors/syn2op-error.ts'
import { confirm } from '../../../src/terminal/prompt.ts'

const ask = async (answer: string) => {
  const input = new PassThrough()
  const output = new PassThrough()
  input.end(answer)
  const agreed = await confirm('Write into MAS?', { input, output, interactive: true, flag: '--yes' })
  return { agreed, shown: String(output.read()) }
}

describe('a question', () => {
  it.each(['y\n', 'Y\n', 'yes\n', ' YES \n'])('takes %j for yes', async (answer) => {
    expect((await ask(answer)).agreed).toBe(true)
  })

  it.each(['n\n', '\n', 'yesterday\n', 'no\n', ''])('takes %j for no', async (answer) => {
    expect((await ask(answer)).agreed).toBe(false)
  })

  it('shows which answer is the default', async () => {
    expect((await ask('n\n')).shown).toContain('Write into MAS? [y/N] ')
  })

  it('without a terminal is an error that names the flag', async () => {
    const asked = confirm('Write into MAS?', {
      input: new PassThrough(),
      output: new PassThrough(),
      interactive: false,
      flag: '--yes',
    })
    const error = await asked.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Syn2opError)
    expect(error).toMatchObject({ code: 'usage.confirmation-needed', next: [expect.stringContaining('--yes')] })
  })
})
