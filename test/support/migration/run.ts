import { migrate } from '../../../src/migration/migrate.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import type { RunDocument, VerifyDocument } from '../../../src/report/documents.ts'

/** Migrates without asking. */
export const migrated = async (request: MigrationRequest): Promise<RunDocument> => {
  const document = await migrate({ ...request, confirm: async () => true })
  if (document === undefined) throw new Error('A confirmed migration has a result')
  return document
}

/** The tables that a verification found wrong; none when every row is as it should be. */
export const wrongTables = ({ tables }: VerifyDocument) =>
  tables.filter(({ missing, extra, differing, unopened = 0 }) => missing + extra + differing + unopened > 0)
