/** error: people cannot log in, or something of theirs breaks. warning: some clients or deeds. info: good to know. */
export type ReadinessLevel = 'error' | 'warning' | 'info'

/** What one field of a discovery document, or one part of an answer, has wrong. */
export interface ReadinessFault {
  /** As it is written in the document, such as `code_challenge_methods_supported`. */
  readonly field: string
  /** In words, such as `is missing` or `has no S256`. */
  readonly what: string
  /** What stood there, shortened; absent where nothing did. */
  readonly seen?: string
  /** The clients (ids, such as `element-x`) that do not take the document because of it; empty where each takes it. */
  readonly breaks: readonly string[]
}

/** What one probe found. */
export interface ReadinessProbe {
  /** Such as `METADATA_STABLE`; docs/reference/readiness.md explains each. */
  readonly code: string
  readonly part: 'homeserver' | 'op' | 'both'
  /** What has to be so, one sentence. */
  readonly title: string
  /** The specification and since when, such as `MSC2965, Matrix 1.15`. */
  readonly spec: string
  /** Whether it looked at what is in a specification, or at a name of a proposal that clients still use. */
  readonly stability: 'stable' | 'unstable'
  /** Of a failure here; what it would be, where it passed. */
  readonly level: ReadinessLevel
  readonly result: 'pass' | 'fail' | 'not asked'
  /** What was seen; why it was not asked. Never a secret. */
  readonly seen: string
  readonly faults?: readonly ReadinessFault[]
  /** What to do; how to have it asked. */
  readonly remedy: readonly string[]
  /** By --accept: its code, or all-warnings. */
  readonly accepted?: string
}

export const READINESS_DEEDS = [
  'log in',
  'sign up',
  'log out',
  'manage account',
  'manage devices',
  'log in by QR',
] as const

export type ReadinessDeed = (typeof READINESS_DEEDS)[number]

export type ReadinessClientKind = 'OIDC-native' | 'OIDC-aware' | 'legacy'

/** Whether people can do something with a client, today. */
export interface ReadinessAbility {
  /** Such as `element-x`. */
  readonly client: string
  readonly kind: ReadinessClientKind
  readonly deed: ReadinessDeed
  /** never: this client does not do that, whatever the servers say. */
  readonly can: 'yes' | 'no' | 'unknown' | 'never'
  /** On which way, such as `by the OP` or `by password`, where there are several. */
  readonly by?: string
  /** What it hangs on, where it is no `yes`: one sentence each, with the probe that told. */
  readonly because: readonly { readonly probe?: string; readonly words: string }[]
}

/** A setting with which Synapse does not start under MAS. */
export interface ReadinessConflict {
  readonly path: string
  readonly file: string
  readonly line?: number
  /** The line to write, or what to remove. */
  readonly change: string
}

/** homeserver.yaml, read without asking any server. */
export interface ReadinessConfiguration {
  readonly files: readonly string[]
  readonly serverName: string
  /** Whether MAS has the logins already, or will get them. */
  readonly delegation: 'on' | 'off' | 'absent'
  readonly conflicts: readonly ReadinessConflict[]
  /** Files that the configuration names and that could not be read: what is in them is not judged. */
  readonly unreadable: readonly string[]
}

/** A request or an answer as it is shown, every secret masked. */
export interface ReadinessMessage {
  /** `POST https://…`, or `201 Created`. */
  readonly line: string
  readonly headers: readonly string[]
  /** Text, shortened. */
  readonly body?: string
}

/** One step of a client's way. */
export interface ReadinessStep {
  /** Such as `token`. */
  readonly step: string
  /** differs: not as Matrix asks for, and the way goes on as this OP has it. */
  readonly outcome: 'ok' | 'differs' | 'failed' | 'skipped'
  /** What was found, one sentence; why it differs, failed or was skipped. */
  readonly words: string
  readonly remedy: readonly string[]
  readonly messages: readonly {
    readonly request: ReadinessMessage
    readonly answer?: ReadinessMessage
    readonly failure?: string
  }[]
  readonly milliseconds: number
}

/** A client's whole way with a test account. */
export interface ReadinessWalk {
  /** As which client it went, such as `a native client on this machine`. */
  readonly as: string
  readonly outcome: 'passed' | 'differs' | 'failed'
  readonly steps: readonly ReadinessStep[]
}

/** What is other than before. */
export interface ReadinessComparison {
  /** When the earlier one was made: ISO 8601. */
  readonly before: string
  readonly probes: readonly {
    readonly code: string
    readonly before: ReadinessProbe['result'] | 'unknown'
    readonly now: ReadinessProbe['result'] | 'unknown'
    readonly change: 'broken' | 'mended' | 'other'
    /** What was seen before, and now. */
    readonly seen: readonly [string, string]
  }[]
  readonly abilities: readonly {
    readonly client: string
    readonly deed: ReadinessDeed
    readonly before: ReadinessAbility['can']
    readonly now: ReadinessAbility['can']
    /** moved: an app without OAuth had it, and now the OP's account page has. */
    readonly change: 'lost' | 'gained' | 'moved' | 'other'
  }[]
}

/** What syn2op readiness found. */
export interface ReadinessDocument {
  readonly kind: 'readiness'
  /** Version of this document's format; raised when a reader could misunderstand. */
  readonly format: 1
  /** syn2op's own version. */
  readonly syn2op: string
  /** When it was asked: ISO 8601, UTC. */
  readonly at: string
  /** Absent where only an OP or a configuration was looked at. */
  readonly homeserver?: {
    readonly serverName?: string
    /** Where clients reach it; absent where that could not be found out. */
    readonly baseUrl?: string
    /** As it calls itself, such as `Synapse 1.163.2`. */
    readonly product?: string
  }
  readonly op?: {
    readonly issuer: string
    /** As far as its documents tell, such as `MAS` or `Keycloak`. */
    readonly product?: string
  }
  /** In the order of the catalogue; empty where no server was asked. */
  readonly probes: readonly ReadinessProbe[]
  readonly abilities: readonly ReadinessAbility[]
  readonly configuration?: ReadinessConfiguration
  readonly walk?: ReadinessWalk
  readonly comparison?: ReadinessComparison
  /** What was left behind at the servers, each with how to take it away. */
  readonly left: readonly string[]
}
