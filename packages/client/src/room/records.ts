/** What is stored of a room, and under which keys. */
import type { Id } from "@teahouse/protocol/ids.ts"
import type { JoinLink, RoomKind, RoomPolicy } from "@teahouse/protocol/policy.ts"
import type { Card } from "../content/card.ts"
import type { MentionContent, Target } from "../content/core.ts"
import type { Draft, Of } from "../content/message.ts"
import type { Nicks } from "../content/nick.ts"
import type { Page, Range } from "../content/past.ts"
import type { SentUpTo } from "../crypto/port.ts"
import { numberKey } from "../store/port.ts"
import type { CommandError } from "../view/port/basic.ts"
import type { Line } from "./preview.ts"

/** `pending`: a friend request that waits; `removed`: this device or person is no member any more. */
export type RoomStanding = "pending" | "open" | "frozen" | "removed"

/** Somebody said, signed, that they leave or that a device of theirs is revoked: a commit must follow. */
export type Removal = {
  readonly user: Id
  /** Present where it is one device and not the person. */
  readonly device?: Id
  /** Hashes of the leaves, as they were when it was said. */
  readonly leaves: readonly Uint8Array[]
  /** The notice, as it stands in the log: the commit carries it as proof. */
  readonly proof: Uint8Array
}

export type Receipt = { readonly user: Id; readonly delivered: number; readonly read: number }

export type Composing = {
  readonly mentions?: readonly MentionContent[]
  readonly reply?: Target
  readonly edit?: {
    readonly seq: number
    readonly stashed: string
    readonly before?: Omit<Composing, "edit">
  }
}

/** Somebody asks for the room's past. */
export type Ask = {
  readonly seq: number
  readonly user: Id
  readonly key: Uint8Array
  readonly at: number
  readonly open: readonly Range[]
  readonly except: readonly Id[]
  /** Positions of this person's own answers: the house is to keep them until they were taken. */
  readonly own: readonly number[]
}
export type Offer = {
  readonly seq: number
  readonly user: Id
  readonly request: number
  readonly key: Uint8Array
  readonly ranges: readonly Range[]
  readonly page?: Page
}
export type PastNews = {
  readonly content: Of<"pastRequest"> | Of<"pastOffer">
  readonly by: {
    readonly user: Id
    readonly device?: Id | undefined
    readonly seq: number
    readonly time: number
  }
}
export type Past = {
  readonly asks: readonly Ask[]
  /** To this person's devices, and not looked at. */
  readonly offers: readonly Offer[]
  /** Own answers that nobody waits for any more. */
  readonly over: readonly number[]
  /** In the order of the log, and not folded into the others yet (past/fold.ts). */
  readonly news: readonly PastNews[]
}

/** Positions before this device's time that others may give. `since` (ms UTC): nothing older; only of who has just come in. */
export type Wanted = Range & { readonly since?: number; readonly done?: true }

/** With these positions: they are asked of the others. A group's shared past comes first. */
export function alsoWanted(meta: RoomMeta, { from, to }: Range): RoomMeta {
  const { wanted, gap, joined } = meta
  const before = wanted ?? (gap ? { from: joined.seq - gap, to: joined.seq - 1 } : undefined)
  if (to < from || (before && "since" in before && !before.done)) return meta
  const open: Range | undefined = before && "done" in before && before.done ? undefined : before
  const range = { from: Math.min(from, open?.from ?? from), to: Math.max(to, open?.to ?? to) }
  return { ...meta, wanted: range }
}

/** A later incarnation of the log: everything up to `kept` is as it was before. */
export type Life = {
  readonly incarnation: number
  readonly kept: number
  /** Those between the room's beginning and this one, the oldest first. */
  readonly earlier?: readonly Life[]
}

/** What a restored house had lost of what was here: kept under the number of the life that began without it. */
export type Behind = {
  readonly life: number
  /** The last position before, which the house has kept; and the last of the lost ones. */
  readonly after: number
  readonly to: number
}

/**
 * Somebody had been taken out, and a restored house has brought them back: nothing is said here while they are there, until the
 * device that had done it (`by`) speaks there again, and no longer than `until` (ms UTC).
 */
export type Out = { readonly user: Id; readonly by: Id; readonly until: number }

/** A position of the account's key log, in a life of the house. */
export type KeysTold = { readonly life: number; readonly position: number }

/** From the commit that cost this device the keys to the one that gave it new ones; whoever came in meanwhile. */
export type Blind = Range & { readonly joined: readonly Id[] }

/** More are not remembered: what was said before them is then for others to give. */
const BLIND_MAX = 64

/** With what has just ended at `to`, in a group of these people. */
export function blindUntil(
  { fell, blind }: RoomMeta,
  to: number,
  users: readonly Id[],
): Pick<RoomMeta, "blind"> {
  const joined = users.filter((user) => !fell?.users.includes(user))
  const all =
    fell && fell.at < to ? [...(blind ?? []), { from: fell.at, to, joined }].slice(-BLIND_MAX) : blind
  return all ? { blind: all } : {}
}

/** Something of a group that a commit sets (rules-again.ts). */
export type Rule =
  | { readonly of: "owner"; readonly user: Id }
  | { readonly of: "admin"; readonly user: Id; readonly on: boolean }
  | { readonly of: "add"; readonly add: RoomPolicy["add"] }
  | { readonly of: "past"; readonly days: number }
  /** Without `link` it was revoked. */
  | { readonly of: "link"; readonly id: Id; readonly link?: JoinLink }

export type RoomMeta = {
  readonly room: Id
  readonly kind: RoomKind
  readonly standing: RoomStanding
  /** In which the room began; what is stored of it stays under this number. */
  readonly incarnation: number
  /** In which its log goes on, where the house was restored from a backup (life.ts). */
  readonly life?: Life
  /** What the house had lost and is still here, the oldest life first (step-back.ts). */
  readonly behind?: readonly Behind[]
  /** People who had been taken out in a part that the house has lost. */
  readonly out?: readonly Out[]
  /** Whom this device had added in such a part: it does so again. */
  readonly again?: readonly Id[]
  /** What this device has set of the group, by name, and where (rules-again.ts). */
  readonly ruled?: Readonly<Record<string, number>>
  /** What of it was in such a part: it is set again. */
  readonly rules?: readonly Rule[]
  /** The epoch at the last position that a restored house has kept: none below it is this room. */
  readonly floor?: { readonly generation: number; readonly epoch: number }
  /** The house does not know this device here any more: it had come in in such a part. */
  readonly absent?: true
  readonly generation: number
  /** The cursor: everything up to here is in the local history, and this is the chain's hash. */
  readonly seq: number
  readonly hash: Uint8Array
  /** Where this device came in; nothing before can be told. */
  readonly joined: { readonly seq: number; readonly hash: Uint8Array }
  /** The first position of the history here where that is before `joined`: it was kept by the house (safekeeping.ts). */
  readonly from?: number
  /** Positions right before `joined` that the house had not got: nobody of this account was there. */
  readonly gap?: number
  /** What others may give of the time before `joined`. */
  readonly wanted?: Wanted
  /** Where this device lost the group's keys: what was said from there on is asked of the others once it is back. */
  readonly missed?: number
  /** Who asks for the past, and what was answered. */
  readonly past?: Past
  /** The highest number this device has used in this room, for whatever kind of entry. */
  readonly n: number
  /** How far this device had sealed when it was stored: a group that is behind is a damaged store. */
  readonly sent?: SentUpTo
  /** The other person of a direct room. */
  readonly peer?: Id
  readonly users: readonly Id[]
  /** A group's name and announcement. */
  readonly card?: Card
  /** How people are called in this group. */
  readonly nicks?: Nicks
  /** Time of the newest message, or of the beginning. */
  readonly at: number
  readonly last?: Line & {
    readonly user: Id
    readonly at: number
    readonly seq?: number
    /** Its text is gone. */
    readonly recalled?: boolean
  }
  readonly read: number
  readonly unread: number
  /** The newest message that names this person, read or not. */
  readonly mentioned?: number
  /** The newest message of somebody else. */
  readonly theirs?: number
  /** Positions of pinned messages, the newest pin last. */
  readonly pins?: readonly number[]
  /** How far each person says to have the log, and to have read it. */
  readonly receipts?: readonly Receipt[]
  /** Seconds after which new messages disappear; 0: they stay; absent: nobody has said. */
  readonly timer?: number
  readonly draft: string
  /** What goes with the draft: whom it names, what it answers, or what it edits and the draft before. */
  readonly composing?: Composing
  /** An empty commit is owed: the newest epoch came from an add without a path. */
  readonly owesUpdate: boolean
  /** The position of the announcement that this person has seen. */
  readonly heard?: number
  /** Leaves that are to be removed before anything is sent. */
  readonly removals?: readonly Removal[]
  /** How far this device has said here where its account's key log stands. */
  readonly keysTold?: KeysTold
  /** The newest epoch that this device has attested, as `epochName` writes it. */
  readonly attested?: string
  /** Joined by a GroupInfo that nobody vouched for; until the next commit of somebody else fits (SECURITY R3). */
  readonly unattested?: boolean
  /** A device could not come in: where the complaint stands, and when it was said (ms UTC; SECURITY R3, step 2). */
  readonly complaint?: { readonly seq: number; readonly at: number }
  /** There is no usable group state: join externally before anything else (SECURITY R3, step 1). */
  readonly lost: boolean
  /** Where it lost the keys, and who was there then; only until it is in again, and where it had followed until then. */
  readonly fell?: { readonly at: number; readonly users: readonly Id[] }
  /** Where another's device came in by itself last: what was said before, it may not have read. */
  readonly returned?: number
  /** What it could not follow, the oldest first. */
  readonly blind?: readonly Blind[]
}

/** Where this device's history of a room begins. */
export const startOf = ({ joined, from }: Pick<RoomMeta, "joined" | "from">): number =>
  Math.min(joined.seq, from ?? joined.seq)

export type OutboxItem = {
  readonly order: number
  /** What the view calls it, before and after. */
  readonly key: string
  readonly draft: Draft
  readonly at: number
  readonly state: "waiting" | "sealed" | "refused"
  /** The same for files that were picked together. */
  readonly together?: string
  /** Its file is not with the house yet (file/uploads.ts). Absent for all others, and once it is. */
  readonly upload?: {
    readonly prepared: boolean
    readonly paused: boolean
    /** Its name in the chat's draft, which has it until it is prepared (file/drafts.ts). */
    readonly draft?: string
  }
  /** Exactly what was or will be sent, again and again until there is an answer. */
  readonly sealed?: {
    readonly n: number
    readonly generation: number
    readonly epoch: number
    readonly bytes: Uint8Array
    /** The content with what was seen: one cannot open one's own message, so it is kept beside it. */
    readonly content: Uint8Array
    /** It says so much of the account's key log. */
    readonly keys?: KeysTold
  }
  /** The server has it; its entry is on the way. */
  readonly accepted?: { readonly seq: number; readonly time: number }
  readonly error?: CommandError
}

export type PendingCommit = {
  readonly n: number
  /** Of the epoch it starts from. */
  readonly generation: number
  readonly epoch: number
  readonly external: boolean
  /** Made from a GroupInfo that nobody vouched for. */
  readonly unattested?: boolean
  /** It is the room's next generation, and `commit` the whole entry: after the complaint at this position. */
  readonly complaint?: number
  /** Of a next generation: who does not fit into its first commit. */
  readonly missing?: readonly Id[]
  readonly commit: Uint8Array
  readonly groupInfo: Uint8Array
  readonly welcome?: Uint8Array
  /** The generation it leads to (an external commit may enter a newer one), and its `Room`, encoded. */
  readonly nextGeneration: number
  readonly next: Uint8Array
}

/** Beside the meta record, which is written with every message: a picture is too large for that. */
export type FaceRecord = Pick<RoomMeta, "card" | "nicks" | "past">

export type GroupRecord = { readonly generation: number; readonly base: Uint8Array }

export const keys = {
  metas: "room/",
  meta: (room: Id) => `room/${room}`,
  face: (room: Id) => `face/${room}`,
  group: (room: Id) => `group/${room}`,
  deltas: (room: Id) => `delta/${room}/`,
  delta: (room: Id, leaf: number) => `delta/${room}/${numberKey(leaf)}`,
  outboxes: (room: Id) => `outbox/${room}/`,
  outbox: (room: Id, order: number) => `outbox/${room}/${numberKey(order)}`,
  commit: (room: Id) => `commit/${room}`,
  agreed: (room: Id) => `agreed/${room}`,
  /** A group that is being made here (group/create.ts). */
  attempt: (room: Id) => `group-attempt/${room}`,
} as const

/** The chat in which what is stored under this key waits to be sent. */
export const roomInOutbox = (key: string): Id | undefined =>
  /^outbox\/([^/]+)\//.exec(key)?.[1] as Id | undefined
