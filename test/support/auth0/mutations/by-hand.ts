import type { Ours } from '../recorded-requests/ours.ts'
import { actionMutations } from './actions.ts'
import { connectionMutations } from './connections.ts'
import { exportMutations } from './exports.ts'
import { identityMutations } from './identities.ts'
import { importMutations } from './imports.ts'
import { jobMutations } from './jobs.ts'
import { limitMutations } from './limits.ts'
import { loginMutations } from './logins.ts'
import type { Mutation } from './mutation.ts'
import { rowMutations } from './rows.ts'
import { scimMutations } from './scim.ts'
import { tokenMutations } from './tokens.ts'
import { upsertMutations } from './upserts.ts'
import { userMutations } from './users.ts'

/** Of the rules that are no checks of fields. */
export const byHand = (our: Ours): readonly Mutation[] =>
  [
    tokenMutations,
    importMutations,
    jobMutations,
    exportMutations,
    limitMutations,
    rowMutations,
    upsertMutations,
    userMutations,
    identityMutations,
    connectionMutations,
    scimMutations,
    loginMutations,
    actionMutations,
  ].flatMap((of) => of(our))
