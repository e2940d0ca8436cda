import type { MigrationRequest } from './request.ts'

export const requireReplayed = async (_request: MigrationRequest): Promise<void> => {}
