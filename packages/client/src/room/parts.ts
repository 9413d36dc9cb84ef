/** What the actor of a room is given. */
import type { SignedHead } from "@teahouse/protocol/head.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import type { RoomIncarnation } from "@teahouse/protocol/incarnation.ts"
import type { Up } from "@teahouse/protocol/up.ts"
import type { Changes } from "../changes.ts"
import type { KeyHead } from "../content/core.ts"
import type { Content } from "../content/message.ts"
import type { RoomHead, RosterRecord } from "../content/notebook.ts"
import type { Crypto, Device } from "../crypto/port.ts"
import type { History } from "../history/history.ts"
import type { MarkStore } from "../history/marks.ts"
import type { Call } from "../http.ts"
import type { Clock, Jitter, Timers } from "../platform.ts"
import type { SealedStore } from "../store/sealed.ts"
import type { Alarm } from "../view/port/account.ts"
import type { CommandError } from "../view/port/basic.ts"
import type { RoomMeta } from "./records.ts"
import type { RoomState } from "./state.ts"

export type Pace = {
  /** An empty commit after an add: between one and two of these (ms), so that not everybody does it at once. */
  readonly updateAfterMs: number
  /** Whoever answers a request to join waits for a random part of this (ms), so that not every device does. */
  readonly admitAfterMs: number
  /** Whoever answers a question for the past waits for some of these (ms), each member for another number of them. */
  readonly pastAfterMs: number
  /** Answers to one person's questions for the past, by one device, in an hour. */
  readonly pastTurnsAnHour: number
  /** Between attempts to join again (ms, first and longest). */
  readonly rejoinMs: number
  readonly rejoinMaxMs: number
  /** Without an answer to a frame after this time the log is looked at and the frame sent again. */
  readonly answerMs: number
  /** Before a log that does not fit is asked for again. */
  readonly suspectMs: number
  /** For how long a lost device looks for somebody who vouches for the group before it complains of it. */
  readonly complainAfterMs: number
  /** After so long without an answer of owner or admins anybody's device may open the next generation (as the house has it). */
  readonly patienceMs: number
}

export const defaultPace: Pace = {
  updateAfterMs: 4_000,
  admitAfterMs: 3_000,
  pastAfterMs: 4_000,
  pastTurnsAnHour: 6,
  rejoinMs: 1_000,
  rejoinMaxMs: 60_000,
  answerMs: 20_000,
  suspectMs: 10_000,
  complainAfterMs: 30_000,
  patienceMs: 24 * 3_600_000,
}

export type RoomParts = {
  readonly store: SealedStore
  readonly crypto: Crypto
  readonly me: Device
  readonly call: Call
  /** False while not connected. */
  readonly send: (frame: Up) => boolean
  readonly clock: Clock
  readonly timers: Timers
  readonly jitter: Jitter
  readonly changes: Changes
  readonly history: History
  readonly marks: MarkStore
  readonly pace: Pace
  readonly newKey: () => string
  readonly alarm: (kind: Alarm["kind"], room: Id) => void
  readonly verifyHead: (room: Id, head: SignedHead) => Promise<boolean>
  readonly verifyLife: (room: Id, said: RoomIncarnation) => Promise<boolean>
  /** Contents that change something outside of the room; called before the cursor passes them, perhaps twice. */
  readonly heed: (room: Id, user: Id, content: Content) => Promise<void>
  /** On this person's black list. */
  readonly blocked: (user: Id) => boolean
  /** The pinned identity key of a person. */
  readonly knownIdentity: (user: Id) => Uint8Array | undefined
  /** What the account's devices have seen of a room, from the notebook. */
  readonly knownHead: (room: Id) => Promise<(RoomHead & { readonly incarnation: number }) | undefined>
  /** Who its devices have seen there last, with where the group stood then. */
  readonly knownRoster: (room: Id) => Promise<RosterRecord | undefined>
  /** Whether an alarm of this kind is before the person's eyes. */
  readonly alarmed: (kind: Alarm["kind"], room: Id) => boolean
  /** One package for each of a person's devices but this one; none where they have no sound one. undefined: not now. */
  readonly claim: (user: Id) => Promise<readonly Uint8Array[] | undefined>
  /** People who are still to be added to a generation that was opened here. */
  readonly invite: (room: Id, users: readonly Id[]) => void
  /** Heads of key logs that the next message in a room is to carry: its own account's first. */
  readonly keyHeads: (meta: RoomMeta) => readonly KeyHead[]
  /** People who were added, or taken out, and rules that were set, in what a restored house has lost (step-back.ts): that is done again, once for each call. */
  readonly redo: (what: "add" | "out" | "rules", room: Id, users: readonly Id[]) => void
  /** The house's life, as it has signed it. */
  readonly lifeNow: () => Promise<number>
  /** A reason of this person's own not to send here, ever or yet: a pinned identity that changed (heed.ts). */
  readonly objection: (state: RoomState) => CommandError | "waits" | undefined
  /** After something was stored that changes what other parts show or owe. */
  readonly onTaken: (state: RoomState) => void
  /** Something was stored that the house is to let go. */
  readonly onLetGo: () => void
  /** Something was stored that disappears. */
  readonly onExpiring: () => void
  /** A bug or a damaged store: nobody can go on from here. */
  readonly onFailure: (error: unknown) => void
}
