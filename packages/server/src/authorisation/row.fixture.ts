/**
 * A row of the matrix: one route, what each caller asks of it, and what each is answered. The request is one that would be
 * granted to whoever may; so what is refused is refused because of who asks.
 */
import type { Access } from "@teahouse/protocol/http/route.ts"
import type { TestPerson } from "../http/house.fixture.ts"
import type { Caller, World } from "./world.fixture.ts"

export type Given = {
  readonly params?: Readonly<Record<string, unknown>>
  readonly request?: unknown
  /** In place of the caller's own. */
  readonly token?: Uint8Array
}
/** `rest`: of everybody who is let in at the door and has no answer here. */
export type Answers = { readonly [C in Caller | "rest"]?: string }

export type Row = {
  /** Said once more, so that a table that asks for less fails here. */
  readonly door: Access
  readonly ask: (world: World, who: TestPerson, caller: Caller) => Given | Promise<Given>
  readonly answers: Answers
  /** What of a granted answer is the caller's alone to see, as a word. `ok` where it is left out. */
  readonly saw?: (value: never, world: World, caller: Caller) => string | Promise<string>
  readonly before?: (world: World) => Promise<void>
  /** After a granted one. */
  readonly after?: (world: World) => Promise<void>
  /** Whom it is asked of; everybody unless a second row looks at some more closely. */
  readonly only?: readonly Caller[]
}
export type Rows = Row | readonly Row[]

const outside = { nobody: "not_signed_in", revoked: "device_revoked", disabled: "session_expired" } as const
const withDevice = ["stranger", "chief", "bot", "friend", "removed", "member", "admin", "owner"] as const
const all = (answer: string): Answers => Object.fromEntries(withDevice.map((one) => [one, answer]))

/** What each kind of door answers to those whom it does not let in. */
const doors: { readonly [A in Access]: Answers } = {
  none: {},
  session: outside,
  device: { ...outside, newcomer: "no_device", recovering: "not_fresh" },
  // Their passwords were proved ten minutes ago.
  fresh: { ...outside, ...all("not_fresh"), recovering: "not_fresh" },
  renew: { ...outside, ...all("not_fresh") },
  admin: {
    ...outside,
    ...all("not_admin"),
    chief: undefined as never,
    newcomer: "no_device",
    recovering: "not_fresh",
  },
}

export const expected = ({ door, answers }: Row, caller: Caller): string | undefined =>
  doors[door][caller] ?? answers[caller] ?? answers.rest
