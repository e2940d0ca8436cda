import { Args } from '@oclif/core'
import { ruleFlags, sourceFlags, targetFlags } from '../../cli/flags.ts'
import { MigrationCommand } from '../../cli/migration-command.ts'
import { mappingOf } from '../../cli/migration-request.ts'
import { onlyTarget } from '../../cli/targets.ts'
import { EXIT } from '../../errors/exit-codes.ts'
import type { MappingCheckDocument } from '../../report/mapping-documents.ts'

export default class MappingCheck extends MigrationCommand<typeof MappingCheck> {
  static override summary = 'Say what is wrong with a rules file, and which of its rules match nothing'
  static override description =
    `Reads the rules file and says everything that is wrong with it, with its line. Where the configurations of Synapse and the target are given, it also says which rules match nobody: providers that nobody has, namespaces of ghosts without accounts or with people in them, empty cohorts, accepted warnings that are not found.

Writes nothing, but what a run that died has left at the target is taken back.

Ends with 0 when there is nothing to look at again, 11 for warnings, 64 when the file is wrong.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> my-rules.yaml',
    '<%= config.bin %> <%= command.id %> my-rules.yaml --synapse-config homeserver.yaml --target-config config.yaml',
  ]
  static override args = {
    file: Args.string({ description: 'The rules file; without it, the one that --mapping or syn2op.yaml names' }),
  }
  static override flags = { ...sourceFlags, ...targetFlags, ...ruleFlags }

  async run(): Promise<MappingCheckDocument> {
    const { checkMapping } = await import('../../migration/mapping/check-mapping.ts')
    const { renderMappingCheck } = await import('../../report/text/mapping-check.ts')
    this.refuseReports()
    const given = await this.settings()
    const { file } = this.args
    const settings = file === undefined ? given : { ...given, mapping: { value: [file], origin: 'FILE' } }
    const mapping = await mappingOf(onlyTarget(settings))
    const document = await checkMapping(mapping, await this.requestIfGiven(settings))
    this.log(renderMappingCheck(document, this.textOptions()).trimEnd())
    if (document.remarks.some(({ severity }) => severity === 'warning')) this.exitWith(EXIT.checkWarnings)
    return document
  }
}
