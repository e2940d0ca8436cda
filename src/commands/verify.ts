import { ruleFlags, sourceFlags, targetFlags } from '../cli/flags.ts'
import { MigrationCommand } from '../cli/migration-command.ts'
import { EXIT } from '../errors/exit-codes.ts'
import type { VerifyDocument } from '../report/documents.ts'

export default class Verify extends MigrationCommand<typeof Verify> {
  static override summary = 'Prove that the target holds what it should'
  static override description =
    `Compares every column of every row: both databases hash their rows where they stand, and where the hashes differ the rows are opened until the columns at fault are named. No hash or token leaves its database.

Run it after a migration and before MAS starts: what people do at MAS afterwards shows as differences.

Ends with 0 when all is equal, 12 when something differs.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --synapse-config homeserver.yaml --target-config config.yaml',
  ]
  static override flags = { ...sourceFlags, ...targetFlags, ...ruleFlags }

  async run(): Promise<VerifyDocument | undefined> {
    const { verify } = await import('../migration/verify.ts')
    const document = await this.perform(verify)
    const differs = document?.tables.some(
      ({ missing, extra, differing, unopened }) => missing + extra + differing + (unopened ?? 0) > 0,
    )
    if (differs === true) this.exitWith(EXIT.verifyDifferences)
    return document
  }
}
