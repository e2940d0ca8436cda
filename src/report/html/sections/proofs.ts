import type { VerifyDocument } from '../../documents.ts'
import type { SyncDeletions } from '../../proof-parts.ts'
import {
  deletionReasons,
  deletionSamples,
  deletionsSentence,
  fieldsSentence,
  fieldWords,
  proofsTitle,
  proofWords,
} from '../../verify-words.ts'
import { type Html, html } from '../escape.ts'

const list = (texts: readonly string[]): Html =>
  texts.length === 0 ? html`` : html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`

/** A sample, field by field. */
export const fieldsSection = ({ fields }: VerifyDocument): Html =>
  fields === undefined
    ? html``
    : html`<section><h2>Field by field</h2><p>${fieldsSentence(fields)}</p>${list(fields.differences.map(fieldWords))}</section>`

/** What a sync would delete: by reason, then the first of it. */
export const deletionsSection = (deletions: SyncDeletions | undefined): Html =>
  deletions === undefined
    ? html``
    : html`<section><h2>What a sync would delete</h2><p>${deletionsSentence(deletions)}</p>${list(deletionReasons(deletions))}${list(deletionSamples(deletions))}</section>`

/** Tokens and passwords, each with what it did. */
export const proofsSection = ({ proofs }: VerifyDocument): Html =>
  proofs === undefined
    ? html``
    : html`<section><h2>${proofsTitle({ proofs })}</h2>${list(proofs.results.map(proofWords))}</section>`
