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
      /** Where another login would end so too: the account is refused, or there is nobody. */
      readonly end?: 'refused' | 'nobody'
    }

/** One of the logins of a walk. */
export interface Login {
  /** Whose way it is, such as `Element X`. */
  readonly as: string
  /** From 1 on. */
  readonly number: number
  /** How many there are. */
  readonly of: number
}

/** Somebody, or something, that goes through the pages of an OP, and the client that waits behind them. */
export interface Pages {
  /** Where this client listens; a port of 127.0.0.1. */
  readonly redirectUri: string
  /**
   * @param url of the authorization, with its state
   * @throws the signal's reason
   */
  visit(url: string, surroundings: Surroundings, login: Login): Promise<Visit>
  close(): Promise<void>
}

export type OpenPages = () => Promise<Pages>
