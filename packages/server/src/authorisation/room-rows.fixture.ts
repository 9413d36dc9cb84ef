/** Rows of the matrix: rooms, their links, and what is kept of them. */
import { groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { random } from "../http/house.fixture.ts"
import type { Row, Rows } from "./row.fixture.ts"
import type { Caller, World } from "./world.fixture.ts"

const room = ({ room }: World) => ({ params: { room } })
const linkOf = ({ room, group }: World) => ({ params: { room, link: group.link } })
/** Answers of those in the room; to all others there is no such room. */
const inside = (more: Row["answers"] = {}) => ({
  ...{ rest: "unknown_room", member: "ok", admin: "ok", owner: "ok" },
  ...more,
})
/** Whose commits are taken: the next comes after the room's quiet moment. */
const posts: readonly Caller[] = ["member", "admin", "owner"]
/** Where it stands in the log. */
let complaint = 0

export const roomRows = {
  listRooms: {
    door: "device",
    ask: () => ({}),
    saw: ({ rooms }: { rooms: { room: string }[] }, { room }) =>
      rooms.some((one) => one.room === room) ? "the room" : "no such room",
    answers: { rest: "no such room", member: "the room", admin: "the room", owner: "the room" },
  },
  createRoom: {
    door: "device",
    ask: async (_, who) => {
      const room = newId(random)
      const { mls } = await openRoom(who.device, room, groupPolicy(who.person.user))
      return { request: { room, n: 1, opening: await groupInfoOf(mls) } }
    },
    answers: { rest: "ok", bot: "not_for_bots" },
  },
  groupInfo: { door: "device", ask: room, answers: inside() },
  // Whoever was removed is still known there, and is told what the judge says of their commit.
  postCommit: {
    door: "device",
    ask: async (world, who, caller) => {
      const { group } = world
      const made = await group.commitOf(who)
      world.pass(posts.includes(caller) ? 20_000 : 0)
      if (posts.includes(caller)) last = { made, name: who.name }
      const { generation, epoch } = await group.place()
      const n = caller === "nobody" ? 1 : await nextOf(world, who)
      return {
        ...room(world),
        request: { generation, epoch, n, commit: made.commit, groupInfo: made.groupInfo },
      }
    },
    after: async ({ group }) => {
      if (last) await group.follow(last.made, last.name)
    },
    answers: inside({ removed: "commit_refused" }),
  },
  openGeneration: [
    // Before anybody has complained.
    { ...generation(), answers: inside({ ...refused("member", "admin", "owner", "removed") }) },
    // The member has: owner and admins may answer at once, others after a day.
    {
      ...generation(),
      before: complain,
      only: ["stranger", "chief", "bot", "friend", "removed", "member"],
      answers: inside({ removed: "rate_limited", member: "rate_limited" }),
    },
    {
      ...generation(),
      before: async (world) => {
        world.pass(25 * 3_600_000)
      },
      only: ["stranger", "removed", "admin", "owner"],
      answers: inside({ removed: "commit_refused", owner: "stale_epoch" }),
      after: async ({ group }) => {
        if (last) group.opened(last.made)
      },
    },
  ],
  postNotice: {
    door: "device",
    ask: async (world, who, caller) => ({
      ...room(world),
      request: {
        n: caller === "nobody" ? 1 : await nextOf(world, who),
        notice: await world.group.complaint(who),
      },
    }),
    answers: inside({ removed: "not_a_member" }),
  },
  attest: {
    door: "device",
    ask: async (world, who) => ({ ...room(world), request: await world.group.attestation(who) }),
    answers: inside({ removed: "not_a_member" }),
  },
  // One's own device's alone.
  lastNumber: {
    door: "device",
    ask: room,
    saw: ({ n }: { n: number }) => (n > 0 ? "its own" : "none"),
    answers: { rest: "none", member: "its own", admin: "its own", owner: "its own" },
  },
  roomIncarnations: { door: "device", ask: room, answers: inside({ removed: "ok" }) },
  readLog: {
    door: "device",
    ask: (world) => ({ ...room(world), request: { after: 0 } }),
    saw: async ({ entries }: { entries: { seq: number }[] }, { group, said }) => {
      const last = entries.at(-1)?.seq ?? 0
      return last === (await group.summary())?.seq
        ? "to the end"
        : last < said
          ? "until they went"
          : "too much"
    },
    answers: inside({
      removed: "until they went",
      member: "to the end",
      admin: "to the end",
      owner: "to the end",
    }),
  },
  // Of the owner's message.
  emptyEntries: {
    door: "device",
    ask: (world) => ({ ...room(world), request: { seqs: [world.said], reason: "expire" } }),
    answers: { rest: "unknown_record", owner: "ok" },
  },
  writeLink: {
    door: "device",
    ask: (world) => ({ ...linkOf(world), request: { preview: new Uint8Array(20) } }),
    answers: inside({ member: "not_a_member" }),
  },
  // For whoever knows both ids.
  readLink: { door: "device", ask: linkOf, answers: { rest: "ok", removed: "banned" } },
  requestJoin: {
    door: "device",
    ask: async (world, who) => ({ ...linkOf(world), request: await world.group.joinRequest(who) }),
    answers: {
      ...{ rest: "ok", bot: "not_for_bots", removed: "banned" },
      ...{ member: "already_member", admin: "already_member", owner: "already_member" },
    },
  },
  // The link wants approval.
  listJoins: {
    door: "device",
    ask: () => ({}),
    saw: ({ requests }: { requests: unknown[] }) => (requests.length > 0 ? "requests" : "none"),
    answers: { rest: "none", admin: "requests", owner: "requests" },
  },
  declineJoin: {
    door: "device",
    ask: ({ joining }) => ({ params: { request: joining }, request: {} }),
    answers: { rest: "unknown_join", admin: "ok", owner: "ok" },
  },
  listHistory: { door: "device", ask: () => ({ request: { since: 0 } }), answers: { rest: "ok" } },
  // The owner's own, whoever else is in the room.
  readHistory: {
    door: "device",
    ask: ({ room }) => ({ params: { room, incarnation: 1, number: 0 }, request: {} }),
    answers: { rest: "unknown_record", owner: "ok" },
  },
  writeHistory: {
    door: "device",
    ask: ({ room }) => ({
      params: { room, incarnation: 1, number: 1 },
      request: { version: 1, generation: 1, sealed: new Uint8Array(40) },
    }),
    answers: inside({ removed: "ok" }),
  },
  dropHistory: { door: "device", ask: room, answers: { rest: "ok" } },
  // To everybody their own: nobody takes another's invitations away.
  listWelcomes: {
    door: "device",
    ask: () => ({}),
    saw: ({ welcomes }: { welcomes: { room: string }[] }, { room }) =>
      welcomes.some((one) => one.room === room) ? "of the room" : "none of the room",
    answers: {
      rest: "none of the room",
      removed: "of the room",
      member: "of the room",
      admin: "of the room",
    },
  },
  ackWelcomes: {
    door: "device",
    ask: async ({ house, who }) => {
      const listed = await house.call("listWelcomes", { token: who("admin")?.token as Uint8Array })
      const ids = listed.value.welcomes.map((one) => one.id)
      return { request: { ids } }
    },
    saw: async (_: unknown, { house, who }) => {
      const listed = await house.call("listWelcomes", { token: who("admin")?.token as Uint8Array })
      return listed.value.welcomes.length > 0 ? "still there" : "gone"
    },
    answers: { rest: "still there", admin: "gone", owner: "gone" },
  },
} satisfies Record<string, Rows>

/** What was asked last, for the others to follow where it was granted. */
type Made = Awaited<ReturnType<World["group"]["commitOf"]>>
let last: { readonly made: Made; readonly name: string } | undefined

async function nextOf({ house, room }: World, who: { token: Uint8Array }): Promise<number> {
  const answer = await house.call("lastNumber", { token: who.token, params: { room } })
  return (answer.value?.n ?? 0) + 1
}

function generation(): Pick<Row, "door" | "ask"> {
  return {
    door: "device",
    ask: async (world, who, caller) => {
      world.pass(20_000)
      const { body, made } = await world.group.nextGeneration(who)
      if (caller === "admin") last = { made, name: who.name }
      const n = caller === "nobody" ? 1 : await nextOf(world, who)
      return { ...room(world), request: { generation: 0, n, complaint: Math.max(1, complaint), body } }
    },
  }
}

async function complain(world: World): Promise<void> {
  const { house, group, who } = world
  const member = who("member")
  if (!member) return
  const request = { n: await nextOf(world, member), notice: await group.complaint(member) }
  const posted = await house.call("postNotice", {
    token: member.token,
    params: { room: world.room },
    request,
  })
  complaint = posted.value.placed.seq
}

function refused(...who: readonly Caller[]): Row["answers"] {
  return Object.fromEntries(who.map((one) => [one, "commit_refused"]))
}
