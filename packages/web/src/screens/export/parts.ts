/** What an export is given, and what it tells. */
import type { CommandError } from "@teahouse/client/view/port/basic.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import type { PageStyle } from "./page.ts"
import type { Bytes, Sink } from "./sink.ts"

export type Parts = {
  readonly port: Pick<ClientPort, "command">
  /** What `beginExport` gave for the password. */
  readonly pass: string
  readonly sink: Sink
  readonly style: PageStyle
  /** The bytes under an address of `openFile`; throws where they break off. */
  readonly read: (url: string) => Bytes
  /** A reason in words. */
  readonly why: (kind: CommandError["kind"]) => string
  readonly signal: AbortSignal
  readonly tell: (progress: Progress) => void
}
export type Progress = {
  readonly done: number
  readonly all: number
  readonly chat: string
  readonly messages: number
}
export type Missing = { readonly chat: string; readonly name: string; readonly why: string }
export type Outcome = {
  readonly chats: number
  readonly messages: number
  readonly missing: readonly Missing[]
}

/** A command's refusal on the way. */
export class Refused extends Error {
  readonly error: CommandError
  constructor(error: CommandError) {
    super(error.kind)
    this.error = error
  }
}
