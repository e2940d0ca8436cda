import { LONGEST_IMPORT } from '../../api/jobs-api.ts'
import { type Claim, confirmed, notAsked, refuted } from '../claim.ts'
import { formOf } from '../probing.ts'

const TOO_LARGE = 413

export const IMPORT_LENGTH: Claim = {
  id: 'import.length-of-the-form',
  says: `Of an import the whole form is counted, not the file alone: one byte above ${LONGEST_IMPORT.toLocaleString('en')} is refused.`,
  otherwise: 'No harm where the file alone is counted: syn2op packs by the form, which is the stricter.',
  ask: async (probing) => {
    const { connection, probes } = probing
    const around = formOf({ file: '', connectionId: connection.id, tag: probes.tag }).bytes.length
    // Nobody is in it: were it taken, nothing would be made.
    const file = `[{}${' '.repeat(LONGEST_IMPORT + 1 - around - 4)}]`
    const ended = await probing.import(file)
    if (ended.kind === 'ended') return refuted('a form of one byte more was taken')
    if (ended.status === TOO_LARGE) return confirmed(ended.words)
    return notAsked(`refused for something else (${ended.status}: ${ended.words})`)
  },
}
