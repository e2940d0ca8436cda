import type { TestCase } from './junit/test-cases.ts'
import type { OutlineSection } from './outline/outline.ts'
import type { Verdict } from './verdict.ts'

/** A report that is no part of a migration, ready to be written in any way: text, HTML, Markdown or JUnit. */
export interface Page {
  /** Of the document, for programs that group by it, such as `readiness`. */
  readonly kind: string
  /** Such as `Readiness`. */
  readonly title: string
  /** Of whom or what, such as `example.org`. */
  readonly subject: string
  /** Below it, such as `https://matrix.example.org → https://auth.example.org/`. */
  readonly about: string
  /** When it was made: ISO 8601, UTC. */
  readonly at: string
  /** Version of syn2op. */
  readonly syn2op: string
  readonly verdict: Verdict
  /** In the order in which they are read. */
  readonly sections: readonly OutlineSection[]
  /** What to do next, each with the commands or lines to type. */
  readonly next: readonly { readonly text: string; readonly commands: readonly string[] }[]
  /** For CI systems. */
  readonly cases: readonly TestCase[]
}
