import { numbered } from '../../report/counted.ts'
import type { SampleManifest } from './folder/manifest.ts'

/** What was taken, for people. */
export const renderSample = (
  { accounts, rows, original, findings, left }: SampleManifest,
  { out, key }: { readonly out: string; readonly key: string },
): string =>
  [
    `Wrote ${out}: ${numbered(accounts)} of ${numbered(original.accounts)} accounts, ${numbered(sum(rows))} of ${numbered(sum(original.rows))} rows`,
    `Found in it: ${numbered(findings.length)} kinds of what an administrator must know`,
    ...(left.length === 0 ? [] : [`Not in it, since they may not be read: ${left.join(', ')}`]),
    '',
    `Names are replaced by the key in ${key}. Whoever has it can find out who is who: never give it away with the folder.`,
    'Lengths, kinds of letters, counts and distances between times are those of the homeserver: show it to those who may know them.',
    `Next: syn2op rehearse --sample ${out} --target mas`,
  ].join('\n')

const sum = (rows: Readonly<Record<string, number>>): number =>
  Object.values(rows).reduce((all, count) => all + count, 0)
