import { BaseCommand } from '../../cli/base-command.ts'
import { ruleFlags, sourceFlags, targetFlags } from '../../cli/flags.ts'
import type { DescribedSetting } from '../../config/describe-settings.ts'

interface Inspection {
  readonly settings: readonly DescribedSetting[]
}

export default class ConfigInspect extends BaseCommand<typeof ConfigInspect> {
  static override summary = 'Show every setting with its origin; passwords are left out'
  static override examples = ['<%= config.bin %> config inspect', '<%= config.bin %> config inspect --config prod.yaml']
  static override flags = { ...sourceFlags, ...targetFlags, ...ruleFlags }

  override async run(): Promise<Inspection> {
    const { describeSettings } = await import('../../config/describe-settings.ts')
    const { visible } = await import('../../terminal/visible.ts')
    const settings = describeSettings(await this.settings())
    const keyWidth = Math.max(...settings.map(({ key }) => key.length))
    for (const { key, value, origin } of settings) {
      this.log(`${key.padEnd(keyWidth)}  ${value === undefined ? '(not set)' : `${visible(value)}  [${origin}]`}`)
    }
    return { settings }
  }
}
