import type { Finding } from '../../findings/finding.ts'
import type { ChosenRoad } from '../choose-road.ts'
import type { Purpose } from '../prepare.ts'
import type { MigrationRequest } from '../request.ts'
import { backupNeeded, judgeBackup } from './judge-backup.ts'
import { lookAtBackup } from './look-at-backup.ts'

/** What is to be said about the backup before this run. */
export const backupFindings = async (
  { backup }: Pick<MigrationRequest, 'backup'>,
  { purpose, road }: { readonly purpose: Purpose; readonly road: ChosenRoad | undefined },
): Promise<readonly Finding[]> => {
  const need = backupNeeded(purpose, road)
  return backup === 'not needed' || need === 'not needed'
    ? []
    : judgeBackup(await lookAtBackup(backup), need, Date.now())
}
