import { sql } from 'kysely'
import type { DemoSpeciality } from '../special.ts'

/** What is wrong with the homeserver rather than with a row of somebody's. */
export const HOMESERVER_DAMAGE: readonly DemoSpeciality[] = [
  {
    kind: 'background-update-pending',
    means: 'an update of the tables that Synapse has not finished',
    table: 'background_updates',
    rows: () => ({
      background_updates: [
        { update_name: 'populate_full_user_id_profiles', progress_json: '{}', depends_on: null, ordering: 7802 },
        { update_name: 'devices_last_seen', progress_json: '{}', depends_on: null, ordering: 0 },
      ],
    }),
    where: () => sql`t.update_name <> ''`,
  },
  {
    kind: 'profile-without-full-name',
    means: 'a profile that the pending update has not reached',
    table: 'profiles',
    column: 'full_user_id',
    rows: () => ({ profiles: [{ user_id: 'not-reached', displayname: 'Not reached' }] }),
    where: () => sql`t.full_user_id is null`,
  },
]
