import path from 'node:path'
import { z } from 'zod'
import type { ReportRequest } from '../report/report-kinds.ts'
import { reportRequestSchema, sharedFiles } from './report-request.ts'

/** What a setting's value is, once parsed. */
export interface ValueOf {
  readonly path: string
  readonly paths: readonly string[]
  /** The URL of a PostgreSQL database. */
  readonly database: string
  /** The same, or `sqlite:` and the path of a file. */
  readonly source: string
  /** Names of targets, or their files. */
  readonly targets: readonly string[]
  /** Paths; those of one target of several as `mas=` and the path. */
  readonly filesOfTargets: readonly string[]
  readonly name: string
  readonly time: string
  /** A path, or a time. */
  readonly backup: string
  readonly codes: readonly string[]
  readonly reports: readonly ReportRequest[]
  readonly count: number
  readonly number: number
  /** Per second. */
  readonly rate: number
  /** A whole number, or one with `%`. */
  readonly share: string
  readonly backend: 'containers' | 'local'
  readonly pull: 'missing' | 'always' | 'never'
}

export type ValueKind = keyof ValueOf

/** How values of one kind are written and read. */
export interface KindRules<Kind extends ValueKind> {
  /** For what a YAML file gives; an environment variable or a flag is brought to the same form first. */
  readonly schema: z.ZodType<ValueOf[Kind]>
  /** A text of the environment, brought to the form of the file. */
  readonly fromText: (text: string) => unknown
  /** Makes the paths in a value absolute. */
  readonly resolve: (value: ValueOf[Kind], folder: string) => ValueOf[Kind]
}

const text = z.string('must be a text').min(1, 'must not be empty')
const oneOrMore = <Schema extends z.ZodType<unknown, string>>(schema: Schema) =>
  z
    .union([schema, z.array(schema).min(1)], { error: 'must be a text or a list of texts' })
    .transform((value) => (Array.isArray(value) ? value : [value]) as readonly z.infer<Schema>[])
const splitAt =
  (separator: string) =>
  (value: string): readonly string[] =>
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '')
const isShare = (value: string): boolean => /^\d+$/u.test(value) || /^(?:100|\d{1,2})%$/u.test(value)
/** Whether a backup is told by when it was made. */
export const isTime = (value: string): boolean => z.iso.datetime({ offset: true }).safeParse(value).success
const asIs = <Value>(value: Value): Value => value

/** Before the path of a SQLite file, where a URL may stand. */
export const SQLITE_SCHEME = 'sqlite:'

/** `sqlite:///path` is another way to write `sqlite:/path`. */
const sqliteFile = (value: string): string | undefined => /^sqlite:(?:\/\/(?=\/))?(.+)$/u.exec(value)?.[1]

/** Of `mas=config.yaml` whose file it is; other names before `=` belong to the file. */
export const fileOfTarget = (value: string): { readonly target?: string; readonly file: string } => {
  const [, target, file] = /^(mas|keycloak|auth0)=(.+)$/su.exec(value) ?? []
  return target === undefined || file === undefined ? { file: value } : { target, file }
}

export const VALUE_KINDS: { readonly [Kind in ValueKind]: KindRules<Kind> } = {
  path: { schema: text, fromText: asIs, resolve: (value, folder) => path.resolve(folder, value) },
  paths: {
    schema: oneOrMore(text),
    fromText: splitAt(path.delimiter),
    resolve: (value, folder) => value.map((each) => path.resolve(folder, each)),
  },
  database: {
    schema: text.regex(/^(?:postgres|postgresql):\/\//u, 'must be a URL that begins with postgresql://'),
    fromText: asIs,
    resolve: asIs,
  },
  source: {
    schema: text.regex(
      /^(?:postgres(?:ql)?:\/\/|sqlite:(?!\/\/(?!\/)).)/u,
      'must be a URL that begins with postgresql://, or sqlite: and the path of a file',
    ),
    fromText: asIs,
    resolve: (value, folder) => {
      const file = sqliteFile(value)
      return file === undefined ? value : `${SQLITE_SCHEME}${path.resolve(folder, file)}`
    },
  },
  targets: {
    schema: oneOrMore(text),
    fromText: splitAt(','),
    resolve: (value, folder) => value.map((each) => (/^\.{1,2}[/\\]/u.test(each) ? path.resolve(folder, each) : each)),
  },
  filesOfTargets: {
    schema: oneOrMore(text),
    fromText: splitAt(path.delimiter),
    resolve: (value, folder) =>
      value.map((each) => {
        const { target, file } = fileOfTarget(each)
        const absolute = path.resolve(folder, file)
        return target === undefined ? absolute : `${target}=${absolute}`
      }),
  },
  name: { schema: text, fromText: asIs, resolve: asIs },
  time: {
    schema: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2026-11-21T03:00:00Z' })
      .transform((value) => new Date(value).toISOString()),
    fromText: asIs,
    resolve: asIs,
  },
  backup: {
    schema: text,
    fromText: asIs,
    resolve: (value, folder) => (isTime(value) ? value : path.resolve(folder, value)),
  },
  codes: { schema: oneOrMore(text), fromText: splitAt(','), resolve: asIs },
  reports: {
    schema: oneOrMore(reportRequestSchema).refine((requests) => sharedFiles(requests).length === 0, {
      error: ({ input }) => `would write two reports to ${sharedFiles(input as readonly ReportRequest[]).join(', ')}`,
    }),
    fromText: splitAt(','),
    resolve: (value, folder) => value.map(({ kind, file }) => ({ kind, file: path.resolve(folder, file) })),
  },
  count: {
    schema: z.int('must be a whole number').min(1, 'must be 1 or more').max(64, 'must be 64 or less'),
    fromText: Number,
    resolve: asIs,
  },
  number: {
    schema: z.int('must be a whole number').min(1, 'must be 1 or more'),
    fromText: Number,
    resolve: asIs,
  },
  rate: {
    schema: z.number('must be a number').positive('must be more than 0'),
    fromText: Number,
    resolve: asIs,
  },
  share: {
    schema: z
      .union([z.int().min(0), z.string()], { error: 'must be a whole number, or a share such as 5%' })
      .transform(String)
      .refine(isShare, 'must be a whole number, or a share from 0% to 100%'),
    fromText: asIs,
    resolve: asIs,
  },
  backend: { schema: z.enum(['containers', 'local']), fromText: asIs, resolve: asIs },
  pull: { schema: z.enum(['missing', 'always', 'never']), fromText: asIs, resolve: asIs },
}
