import { expect } from 'vitest'
import { type MigrateRequest, migrate } from '../../../src/migration/migrate.ts'
import { plan } from '../../../src/migration/plan.ts'
import type { PlanFile } from '../../../src/migration/planned/plan-file.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import type { RunDocument } from '../../../src/report/documents.ts'
import { toJson } from '../../../src/report/to-json.ts'

/** A plan with the decision about every account, as its file would hold it. */
export const plannedFile = async (request: MigrationRequest): Promise<PlanFile> => ({
  file: 'plan.json',
  document: JSON.parse(toJson(await plan({ ...request, decided: 'of every account' }))),
})

type Asked = Partial<Pick<MigrateRequest, 'mode' | 'cohort'>>

/** Migrates without asking, bound to a plan. */
export const migratedAsPlanned = async (
  request: MigrationRequest,
  planned: PlanFile,
  asked: Asked = {},
): Promise<RunDocument> => {
  const document = await migrate({ ...request, ...asked, plan: planned, confirm: async () => true })
  if (document === undefined) throw new Error('A confirmed migration has a result')
  return document
}

/** That a run bound to a plan is refused, with a sentence that matches, before anybody is asked. */
export const expectRefused = async (
  request: MigrationRequest,
  planned: PlanFile,
  { says, code = 'plan.differs', ...asked }: Asked & { readonly says: RegExp; readonly code?: string },
): Promise<void> => {
  const confirm = () => Promise.reject(new Error('nobody is to be asked'))
  await expect(migrate({ ...request, ...asked, plan: planned, confirm })).rejects.toMatchObject({
    code,
    problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(says) })]),
  })
}
