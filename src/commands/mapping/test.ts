import { Args } from '@oclif/core'
import { ruleFlags, sourceFlags, targetFlags } from '../../cli/flags.ts'
import { MigrationCommand } from '../../cli/migration-command.ts'
import type { MappingTestDocument } from '../../report/mapping-documents.ts'

export default class MappingTest extends MigrationCommand<typeof MappingTest> {
  static override summary = 'Say what the rules make of some accounts, and which rule decides'
  static override description =
    'Shows for each account the decision with its reason and the line of the rule behind it, its cohort by the rules as they are now, its username, addresses, attributes and SSO identities at the target. Writes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> @anna:example.org @bert:example.org --mapping my-rules.yaml',
  ]
  static override args = {
    account: Args.string({
      description: 'Matrix ids, such as @anna:example.org',
      required: true,
      multiple: true,
    }),
  }
  static override flags = { ...sourceFlags, ...targetFlags, ...ruleFlags }

  async run(): Promise<MappingTestDocument> {
    const { testMapping } = await import('../../migration/mapping/test-mapping.ts')
    const { renderMappingTest } = await import('../../report/text/mapping-test.ts')
    this.refuseReports()
    const settings = await this.settings()
    const document = await this.watched(async (progress) =>
      testMapping(await this.request(settings, progress), this.args.account),
    )
    this.log(renderMappingTest(document, this.textOptions()).trimEnd())
    return document
  }
}
