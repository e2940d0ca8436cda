import { Args } from '@oclif/core'
import { ruleFlags, runsFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { runsFolder } from '../cli/runs-folder.ts'
import type { ExplanationDocument } from '../report/explanation.ts'

export default class Explain extends MigrationCommand<typeof Explain> {
  static override summary = 'Say what becomes of one account, and why'
  static override description =
    'Shows what Synapse holds of the account, what is decided about each row with its reason, what stops working for its people, how it stands at the target, and what runs did with it. Of hashes and tokens only the kind and the age are told. Writes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> @anna:example.org --synapse-config homeserver.yaml --target-config config.yaml',
  ]
  static override args = {
    account: Args.string({ description: 'Matrix id of the account, such as @anna:example.org', required: true }),
  }
  static override flags = { ...sourceFlags, ...targetFlags, ...ruleFlags, ...runsFlags }

  async run(): Promise<ExplanationDocument> {
    const { explain } = await import('../migration/explain/explain.ts')
    const { renderExplanation } = await import('../report/text/explanation.ts')
    this.refuseReports()
    const settings = await this.settings()
    const runs = runsFolder(settings)
    const mxid = this.args.account
    const document = await this.watched(async (progress) =>
      explain({ ...(await this.request(settings, progress)), mxid, runs }),
    )
    this.log(renderExplanation(document, this.textOptions()).trimEnd())
    return document
  }
}
