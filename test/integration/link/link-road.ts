import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { v5 } from 'uuid'
import { type LinkRequest, link } from '../../../src/link/link.ts'
import { readLinkJournal } from '../../../src/link/link-journal.ts'
import type { LinkPlace } from '../../../src/link/link-place.ts'
import { type UndoRequest, undoLinks } from '../../../src/link/undo-links.ts'
import type { MigrationRequest } from '../../../src/migration/request.ts'
import { fileRecorder } from '../../../src/migration/runs/recorder.ts'
import type { PostgresSettings } from '../../../src/postgres/settings.ts'
import type { LinkDocument } from '../../../src/report/link-document.ts'
import { type MemoryTargetOptions, memoryPeople, memoryTarget } from '../../../src/testing.ts'
import { createDemoHomeserver } from '../../support/migration/demo-homeserver.ts'
import { demoRequest } from '../../support/migration/requests.ts'
import { migrated } from '../../support/migration/run.ts'
import type { TestPostgres } from '../../support/postgres.ts'

/** The realm that everybody moves to; the demo itself has another Keycloak, which some people are linked to. */
export const ISSUER = 'https://sso.demo.example/realms/matrix'

export const PROVIDER = 'oidc-sso'

export const subjectOf = (mxid: string): string => v5(`matrix\n${mxid}`, v5.URL)

/** A demo homeserver, and a target in this process that stands for Keycloak. */
export interface LinkRoad {
  readonly source: PostgresSettings
  readonly request: MigrationRequest
  /** Moves everybody to it; the run is on record in the folder of the runs. */
  migrate(options?: MemoryTargetOptions): Promise<void>
  link(place: LinkPlace, more?: Partial<LinkRequest>): Promise<LinkDocument>
  /** With everything acknowledged, and a yes. */
  apply(place: LinkPlace, more?: Partial<LinkRequest>): Promise<LinkDocument>
  undo(place: LinkPlace, runId: string, more?: Partial<UndoRequest>): Promise<LinkDocument>
  remove(): Promise<void>
}

export const makeLinkRoad = async (
  postgres: TestPostgres,
  { name, accounts }: { readonly name: string; readonly accounts: number },
): Promise<LinkRoad> => {
  const source = await createDemoHomeserver(postgres, name, { accounts })
  const runs = await mkdtemp(join(tmpdir(), 'syn2op-link-runs-'))
  const people = memoryPeople()
  const plain = demoRequest({ synapse: source, mas: source })
  const requestWith = (options: MemoryTargetOptions): MigrationRequest => ({
    ...plain,
    runs,
    openTarget: async () => ({ ...memoryTarget(people, options), name: 'keycloak' }),
    recorder: fileRecorder({ runs, command: ['syn2op', 'migrate'], warn: () => {} }),
  })
  const request = requestWith({})
  const linkRequest = (place: LinkPlace, more: Partial<LinkRequest>): LinkRequest => ({
    ...request,
    recorder: fileRecorder({ runs, command: ['syn2op', 'link', '--to', place.to], warn: () => {} }),
    place,
    issuer: ISSUER,
    subjectOf,
    whom: 'migrated',
    ...more,
  })
  const done = async (work: Promise<LinkDocument | undefined>): Promise<LinkDocument> => {
    const document = await work
    if (document === undefined) throw new Error('nobody said no')
    return document
  }
  return {
    source,
    request,
    migrate: async (options = {}) => {
      await migrated(requestWith(options))
    },
    link: (place, more = {}) => done(link(linkRequest(place, more))),
    apply: (place, more = {}) => done(link(linkRequest(place, { confirm: async () => true, ...more }))),
    undo: (place, runId, more = {}) =>
      done(
        undoLinks({
          place,
          runId,
          links: readLinkJournal(runs, runId),
          accept: [],
          progress: request.progress,
          recorder: fileRecorder({ runs, command: ['syn2op', 'link', '--undo', runId], warn: () => {} }),
          signal: request.signal,
          confirm: async () => true,
          ...more,
        }),
      ),
    remove: () => rm(runs, { recursive: true, force: true }),
  }
}

/** Of a document what it found, by code. */
export const codesOf = ({ findings }: LinkDocument): readonly string[] => findings.map(({ code }) => code)
