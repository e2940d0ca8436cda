import type { FindingEntry } from '../entry.ts'

/** Findings about what could be gone back to. */
export const BACKUP_FINDINGS = {
  NO_BACKUP: {
    severity: 'warning',
    title: 'No recent backup is known',
    why: 'The run writes beside people, or is the cut-over. A rollback takes back what the run wrote; only a backup brings back the rest.',
    remedy:
      'Dump both databases and keep homeserver.yaml; then say where the dump is, or when it was made: `--backup FILE`, `--backup TIME`, or `backup` in syn2op.yaml.',
    remedyAt: {
      auth0:
        "Dump Synapse's database and keep homeserver.yaml; where the connection has people already, export it (Auth0 has no backup of a tenant). Then say where the dump is, or when it was made: `--backup FILE`, `--backup TIME`, or `backup` in syn2op.yaml.",
    },
    kind: 'operational',
    names: 'things',
  },
  BACKUP_ADVISED: {
    severity: 'notice',
    title: 'No recent backup is known yet',
    why: 'A load into an empty target can always be taken back, as can a copy that stands aside (MAS). The cut-over, and a run beside people, ask for a backup.',
    remedy:
      'Dump both databases before the cut-over, keep homeserver.yaml, and name the dump with `--backup FILE` or `backup` in syn2op.yaml.',
    remedyAt: {
      auth0:
        "Dump Synapse's database before the cut-over, keep homeserver.yaml, and name the dump with `--backup FILE` or `backup` in syn2op.yaml; where the connection has people already, export it (Auth0 has no backup of a tenant).",
    },
    kind: 'operational',
    names: 'things',
  },
} as const satisfies Record<string, FindingEntry>
