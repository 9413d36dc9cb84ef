/** Rows of the matrix: every kind of frame that a client may send, and what the house says to it. */
import type { Up } from "@teahouse/protocol/up.ts"
import type { TestPerson } from "../http/house.fixture.ts"
import { privateMessage, random } from "../room/log.fixture.ts"
import type { Line } from "../socket/socket.fixture.ts"
import { firstOf } from "./greet.fixture.ts"
import type { Answers } from "./row.fixture.ts"
import type { Caller, World } from "./world.fixture.ts"

export type FrameRow = {
  /** Says the frame on a line that has been greeted, and gives the answer as a word. */
  readonly ask: (world: World, line: Line, who: TestPerson, ears: Line) => Promise<string>
  readonly answers: Answers
}

const inside = (word: string) => ({ member: word, admin: word, owner: word })
/** The house answers in order: when this has come, so has everything before it. */
const pong = async (line: Line) => {
  line.say({ t: "ping" })
  await line.next("pong")
}
let count = 0

export const frameRows: { readonly [Kind in Up["t"]]: FrameRow } = {
  // What the greeting itself is answered stands in `greetings`. A second one is none.
  hello: {
    async ask(_, line, who) {
      line.say({ t: "hello", major: 1, minor: 0, session: who.session.id, signature: random(64) })
      return firstOf(line, "failed")
    },
    answers: { rest: "malformed" },
  },
  subscribe: {
    async ask({ room, said }, line) {
      line.say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq: 0 }] })
      const answer = await firstOf(line, "live", "ended")
      const seen = line.frames.flatMap((frame) => (frame.t === "entries" ? frame.entries : []))
      const past = seen.some((one) => one.seq >= said)
        ? "all"
        : seen.length > 0
          ? "until they went"
          : "nothing"
      return `${answer}, ${past}`
    },
    answers: {
      rest: "unknown_room, nothing",
      removed: "not_a_member, until they went",
      ...inside("live, all"),
    },
  },
  send: {
    async ask({ house, group }, line, who) {
      const { room, generation, epoch } = await group.place()
      const own = await house.call("lastNumber", { token: who.token, params: { room } })
      const body = privateMessage(room, generation, epoch, random(30))
      line.say({ t: "send", room, generation, epoch, items: [{ n: own.value.n + 1, body }] })
      return firstOf(line, "accepted", "refused")
    },
    answers: { rest: "unknown_room", removed: "not_a_member", ...inside("accepted") },
  },
  // Never answered: it is heard or it is not.
  ephemeral: {
    async ask({ room }, line, _, ears) {
      line.say({ t: "subscribe", rooms: [{ room, incarnation: 1, seq: 0 }] })
      await firstOf(line, "live", "ended")
      const body = Uint8Array.of(++count)
      line.say({ t: "ephemeral", room, body })
      await pong(line)
      const isHeard = () => ears.frames.some((one) => one.t === "ephemeral" && one.body[0] === count)
      // It may take a database to know who may be heard, and an answer to something else does not wait for that.
      for (let looks = 0; looks < 15 && !isHeard(); looks++) {
        await new Promise((done) => setTimeout(done, 20))
        await pong(ears)
      }
      return isHeard() ? "heard" : "not heard"
    },
    // The ears are the owner's device: what it says itself it does not hear.
    answers: { rest: "not heard", ...inside("heard"), owner: "not heard" },
  },
  ping: {
    async ask(_, line) {
      await pong(line)
      return "pong"
    },
    answers: { rest: "pong" },
  },
}

/** What `hello` is answered, and so is whatever comes in its place: nothing else is heard from these. */
export const greetings: { readonly [C in Caller]?: string } = {
  ...{ nobody: "session_expired", revoked: "device_revoked", disabled: "session_expired" },
  // A session of the recovery code is none here.
  ...{ newcomer: "no_device", recovering: "session_expired" },
}
