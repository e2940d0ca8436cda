import type { Exchange } from '../../http/exchange.ts'
import type { Surroundings } from '../walk-step.ts'

export interface TestAccount {
  /** As people type it, or a Matrix id. */
  readonly username: string
  /** A secret. */
  readonly password: string
}

/** What became of going through the OP's pages. */
export type Visit =
  /** The address to which the browser was led back. */
  | { readonly landed: string; readonly passed: readonly Exchange[] }
  | {
      readonly landed?: undefined
      /** Without a full stop. */
      readonly why: string
      readonly remedy: readonly string[]
      readonly passed: readonly Exchange[]
    }

/** Somebody, or something, that goes through the pages of an OP, and the client that waits behind them. */
export interface Pages {
  /** Where this client listens; a port of 127.0.0.1. */
  readonly redirectUri: string
  /** @throws the signal's reason */
  visit(url: string, surroundings: Surroundings): Promise<Visit>
  close(): Promise<void>
}

export type OpenPages = () => Promise<Pages>
