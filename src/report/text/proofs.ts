import { indented } from '../../terminal/text.ts'
import { visible } from '../../terminal/visible.ts'
import type { VerifyDocument } from '../documents.ts'
import type { SyncDeletions } from '../proof-parts.ts'
import {
  deletionReasons,
  deletionSamples,
  deletionsSentence,
  fieldsSentence,
  fieldWords,
  proofWords,
} from '../verify-words.ts'
import { paragraph, type TextView } from './section.ts'

const lines = (texts: readonly string[], { width }: TextView): readonly string[] =>
  texts.map((text) => indented(visible(text), width, '    ', '  '))

/** A sample, field by field. */
export const renderFields = ({ fields }: VerifyDocument, view: TextView): readonly string[] =>
  fields === undefined
    ? []
    : [paragraph(visible(fieldsSentence(fields)), view), ...lines(fields.differences.map(fieldWords), view)]

/** The findings come after them. */
const SAMPLES = 3

/** What a sync would delete: by reason, then the first of it. */
export const renderDeletions = (deletions: SyncDeletions | undefined, view: TextView): readonly string[] =>
  deletions === undefined
    ? []
    : [
        paragraph(deletionsSentence(deletions), view),
        ...lines(deletionReasons(deletions), view),
        ...(deletions.samples.length === 0
          ? []
          : ['', ...lines(deletionSamples(deletions, { ofEach: SAMPLES }), view)]),
      ]

/** Tokens and passwords, each with what it did. */
export const renderProofs = ({ proofs }: VerifyDocument, view: TextView): readonly string[] =>
  lines((proofs?.results ?? []).map(proofWords), view)
