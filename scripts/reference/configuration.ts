import { rulesOf, SETTING_KEYS } from '../../src/config/settings.ts'
import { code, pageHead, table } from './markdown.ts'

/** docs/reference/configuration.md, from the list of settings. */
export const configurationPage = (): string =>
  [
    pageHead('Configuration'),
    'Every setting can be given as a flag, as an environment variable, or in `syn2op.yaml`. A flag wins over a variable, a ' +
      'variable over the file; a list is taken as a whole from the first that gives it. `syn2op config inspect` shows ' +
      'each value with its origin.',
    'The file is `syn2op.yaml` in the working folder, or the one that `--config` or `SYN2OP_CONFIG` names. Relative paths ' +
      'in it start at its own folder. Dots in a key are nesting: `synapse.config` is `config` under `synapse`. Editors can check it with `configuration.schema.json`.',
    table(
      ['Key', 'Flag', 'Variable', 'Meaning'],
      SETTING_KEYS.map((key) => {
        const { flag, environment, summary, default: value } = rulesOf(key)
        const fallback = value === undefined ? '' : `. Default: ${code(value)}`
        return [code(key), flag === undefined ? '' : code(`--${flag}`), code(environment), `${summary}${fallback}`]
      }),
    ),
    '## Passwords',
    'A URL with a password is refused in a flag: process lists and shell histories keep it. Give it in one of these ways:',
    SETTING_KEYS.filter((key) => rulesOf(key).secret === true)
      .map((key) => {
        const { environment } = rulesOf(key)
        return `- ${code(key)} in the file, ${code(`${key}File`)} there with the name of a file that holds it, ${code(environment)}, or ${code(`${environment}_FILE`)}`
      })
      .join('\n'),
    '## Lists in variables',
    'Paths are separated as in `PATH` (`:`), codes and reports with a comma.',
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n')
