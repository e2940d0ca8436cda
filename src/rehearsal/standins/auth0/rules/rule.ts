/**
 * One published rule of Auth0's, as data: what it says, who says so, a request that keeps it and requests that break it. The
 * stand-in is built from these; nothing of it comes from the target that it is to try.
 */
export interface Rule {
  /** Subject, then what of it: `row.username.characters`. */
  readonly id: string
  /** In our own words, one sentence. */
  readonly says: string
  /** The best first. */
  readonly sources: readonly [Source, ...Source[]]
  /** The check by which the stand-in keeps a field to it; absent: the rule is of behaviour, which the stand-in has in its code. */
  readonly field?: FieldRule
  readonly keeps: Trial
  readonly breaks: readonly [Break, ...Break[]]
}

/**
 * `documented`: Auth0's own pages. `specified`: its OpenAPI documents. `support article`: Auth0's staff, outside the documentation.
 * `seen by others`: in public reports of what a tenant answered. `inferred`: nobody says so in words; a canary has to show it.
 */
export type Grade = 'documented' | 'specified' | 'support article' | 'seen by others' | 'inferred'

export interface Source {
  readonly title: string
  /** Of the documentation the path of its page, of anything else its whole address. */
  readonly page: string
  /** Word for word, at most 200 characters; of a specification the part that says so. */
  readonly quote: string
  readonly grade: Grade
}

/** Bodies whose fields have rules: a row of an import file, or the JSON body of a request. */
export type Shape =
  | 'import row'
  | 'new user'
  | 'changed user'
  | 'new identity'
  | 'changed connection'
  | 'export job'
  | 'SCIM user'
  | 'token request'

/** What a field is held to. */
export interface FieldRule {
  readonly of: Shape
  /** From the top of the body, `[]` for every item of an array: `mfa_factors[].totp.secret`; empty: the body itself. */
  readonly path: string
  readonly check: Check
  /** Only where another field has one of these values (`undefined`: is absent), or a setting of the connection is so. */
  readonly when?: Condition
  /** The code of the error in a job's errors, or the `errorCode` of an answer. */
  readonly code: string
}

export type Condition =
  | { readonly kind: 'field'; readonly path: string; readonly in: readonly (string | number | boolean | undefined)[] }
  | { readonly kind: 'connection'; readonly setting: ConnectionSetting }

/** What of a connection decides which fields its users have. */
export type ConnectionSetting =
  | 'takes usernames'
  | 'takes no usernames'
  | 'takes phone numbers'
  | 'takes no phone numbers'
  | 'requires e-mail'
  | 'requires username'
  | 'requires phone number'
  | 'takes no e-mail addresses as usernames'
  | 'takes no phone numbers as usernames'

export type FieldType = 'string' | 'boolean' | 'integer' | 'number' | 'object' | 'array'

/** One thing that can be wrong with a field. A field that is absent breaks `required` only. */
export type Check =
  | { readonly kind: 'required' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'type'; readonly is: readonly FieldType[] }
  | { readonly kind: 'one of'; readonly values: readonly (string | number | boolean)[] }
  /** `flags` always with `u`. */
  | { readonly kind: 'pattern'; readonly pattern: string; readonly flags?: string }
  | { readonly kind: 'format'; readonly format: 'e-mail' | 'URI' }
  /** In characters of a text (code points), items of an array. */
  | { readonly kind: 'shortest' | 'longest'; readonly length: number }
  /** The length is the connection's own setting; `end`: only this end of it. */
  | { readonly kind: 'username length'; readonly end?: 'shortest' | 'longest' }
  | { readonly kind: 'least' | 'most'; readonly value: number }
  /** Of the object's JSON. */
  | { readonly kind: 'most bytes'; readonly bytes: number }
  /** The object has no other properties. */
  | { readonly kind: 'only'; readonly properties: readonly string[] }
  /** The object has none of these properties. */
  | { readonly kind: 'none of'; readonly properties: readonly string[] }
  /** No key of the object, at any depth, has one of these characters. */
  | { readonly kind: 'keys without'; readonly characters: string }
  /** Of these properties of the object at most one is there; exactly one. */
  | { readonly kind: 'at most one of' | 'exactly one of' | 'at least one of'; readonly properties: readonly string[] }

/** What is done at a tenant, step by step. The last step is the one on trial. */
export interface Trial {
  readonly given?: Given
  readonly steps: readonly [Step, ...Step[]]
}

export interface Break extends Trial {
  /** What is wrong with it, in a few words. */
  readonly wrong: string
  readonly refusal: Refusal
}

/** A tenant before a trial. What is not said is: an Enterprise plan, one database connection with usernames of 1 to 128 letters, enabled for one application, nobody there. */
export interface Given {
  readonly plan?: PlanName
  /** Settings of the database connection, merged over its defaults at the first level of `options`. */
  readonly connection?: { readonly options?: Readonly<Record<string, unknown>>; readonly enabled?: boolean }
  /** Users who are there, as `POST /users` takes them, without `connection`; without `password` they have one that nobody knows. */
  readonly users?: readonly Readonly<Record<string, unknown>>[]
  /** An enterprise connection too, of this strategy, with inbound SCIM. */
  readonly enterprise?: {
    readonly strategy: 'oidc' | 'samlp' | 'okta' | 'waad'
    readonly scim: boolean
    readonly options?: Readonly<Record<string, unknown>>
  }
  /** Which grants the application may use; absent: client credentials and both of passwords. */
  readonly grantTypes?: readonly string[]
  /** Rows of one import job an hour, other than the plan's usual. */
  readonly rowsAnHour?: number
}

export type PlanName =
  | 'free'
  | 'essentials'
  | 'professional'
  | 'enterprise'
  | 'enterprise-nonproduction'
  | 'enterprise-bulk'

export type Step =
  /** Sends a file of these rows, and waits until the job has ended. `file`: its text instead of rows. */
  | {
      readonly kind: 'import'
      readonly rows?: readonly unknown[]
      readonly file?: string
      /** Parts of the form that are other than usual; null: the part is left out. */
      readonly fields?: Readonly<Record<string, string | null>>
      /** Those of the token; absent: all that are needed. */
      readonly scopes?: readonly string[]
    }
  | { readonly kind: 'request'; readonly request: ApiRequest }
  /** The same request so many times, at one moment. */
  | { readonly kind: 'burst'; readonly request: ApiRequest; readonly times: number }
  /** On the tenant's clock, milliseconds. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Somebody logs in through an enterprise or social connection, as after the redirection; `connection` may be `{enterprise name}`. */
  | {
      readonly kind: 'upstream login'
      readonly connection: string
      readonly subject: string
      readonly email?: string
      /** What else the provider says. */
      readonly claims?: Readonly<Record<string, unknown>>
    }
  /** An application renews the tokens of somebody who logged in before; the user_id may name `{enterprise name}`. */
  | { readonly kind: 'refresh'; readonly userId: string }

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /**
   * From the root of the tenant. `{connection}` is the id of the database connection, `{enterprise}` that of the enterprise one,
   * `{job}` that of the job made last, `{location}` where its file is, as the job said last, `{user}` the user_id of the first user who is
   * there, `{id}` the `id` (else the `token_id`; of a version of an Action that of the Action) in the last answer that had one,
   * encoded. They are replaced in the texts of a body too, not encoded, as are `{connection name}`, `{enterprise name}`, `{client}`
   * and `{secret}`, those of the application, and `{url}`, the root of the tenant without a slash at its end.
   */
  readonly path: string
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  /** The parts of a multipart form; `users` goes as a file, `{connection}` in a value is replaced. */
  readonly multipart?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** `management` unless it is said. */
  readonly as?: 'management' | 'nobody' | 'somebody expired' | 'a wrong audience' | 'SCIM'
  /** Those of the management token; absent: all there are. */
  readonly scopes?: readonly string[]
}

/** How the last step is refused. Texts are part of what is answered. */
export type Refusal =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly error?: string
      readonly errorCode?: string
      readonly message?: string
    }
  /** By the errors of the job, which completes. */
  | {
      readonly kind: 'row'
      readonly index: number
      readonly code: string
      readonly path?: string
      readonly message?: string
    }
  | { readonly kind: 'job'; readonly status: 'failed' }
  /** What was sent is not refused, and yet not done: another read shows this instead of what was sent. */
  | {
      readonly kind: 'shows'
      readonly request: ApiRequest
      readonly status: number
      readonly contains?: Readonly<Record<string, unknown>>
    }
