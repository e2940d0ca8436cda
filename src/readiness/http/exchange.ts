/** What is asked of a server. */
export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS'
  readonly url: string
  /** By their names in small letters. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: { readonly json: unknown } | { readonly form: Readonly<Record<string, string>> }
  /** Whether redirections are followed, as a browser does for a document; not for pages that people go through. */
  readonly redirects?: 'followed' | 'shown'
  /** How long its answer may take, where that is less than whoever asks would wait. */
  readonly timeoutMs?: number
  /** What in it must be shown to nobody, wherever it stands. */
  readonly secrets?: readonly string[]
}

/** An answer that led elsewhere. */
export interface Redirection {
  readonly status: number
  /** Which led elsewhere, without what may be in its query. */
  readonly url: string
  readonly headers: Answer['headers']
}

export interface Answer {
  readonly status: number
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  /** At most a megabyte of it, with the byte order mark that it may begin with. */
  readonly text: string
  /** Absent where the text is no JSON; of a name that stands twice the last. */
  readonly json?: unknown
  /** Where it came from in the end. */
  readonly url: string
  /** What was followed on the way there, in this order; absent where nothing was. */
  readonly redirections?: readonly Redirection[]
  readonly milliseconds: number
}

/** A question with its answer, or why there is none: in words, with Node's code such as ECONNREFUSED. */
export type Exchange =
  | { readonly question: Question; readonly answer: Answer; readonly failure?: undefined }
  | {
      readonly question: Question
      readonly answer?: undefined
      readonly failure: { readonly code?: string; readonly why: string }
    }

/** Asks once. Never throws for what a server does; throws the signal's reason. */
export type Ask = (question: Question) => Promise<Exchange>
