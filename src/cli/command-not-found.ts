import type { Hook } from '@oclif/core'
import { didYouMean } from '../errors/did-you-mean.ts'
import { EXIT } from '../errors/exit-codes.ts'
import { createPaint, decideColour } from '../terminal/colour.ts'
import { renderError } from './error-text.ts'

/** Told when there is no such command: names the one that was probably meant, and ends with 64. */
export const hook: Hook.CommandNotFound = async ({ id, config }) => {
  const command = id.replaceAll(':', ' ')
  const known = config.commandIDs.map((each) => each.replaceAll(':', ' '))
  const meant = known.find((each) => command.startsWith(`${each} `)) ?? didYouMean(command, known)
  const view = {
    code: 'usage',
    message: `There is no command "${command}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`,
    problems: [],
    next: [meant === undefined ? `${config.bin} --help` : `${config.bin} ${meant} --help`],
    exitCode: EXIT.usage,
  }
  const paint = createPaint(decideColour({ env: process.env, isTty: process.stderr.isTTY }))
  process.stderr.write(renderError(view, paint))
  process.exitCode = view.exitCode
}
