/** Rows of the matrix: what one person may see of another and do to them. */
import { newRequest } from "./people.fixture.ts"
import type { Rows } from "./row.fixture.ts"
import type { World } from "./world.fixture.ts"

/** Those who share nothing with the owner, and those who are friends or in a common room. */
const ofOwner = { rest: "not_friends", friend: "ok", member: "ok", admin: "ok", owner: "ok" }
const owner = ({ owner }: World) => ({ params: { user: owner } })

export const peopleRows = {
  listDevices: { door: "device", ask: owner, answers: ofOwner },
  readKeyLog: {
    door: "session",
    ask: (world) => ({ ...owner(world), request: { after: 0 } }),
    answers: ofOwner,
  },
  readProfile: { door: "device", ask: owner, answers: ofOwner },
  writeProfile: {
    door: "device",
    ask: (_w, _who, caller) => ({
      request: { version: caller === "owner" ? 2 : 1, sealed: new Uint8Array(9) },
    }),
    answers: { rest: "ok" },
  },
  claimKeyPackages: { door: "device", ask: (w) => ({ ...owner(w), request: {} }), answers: ofOwner },
  listContacts: {
    door: "device",
    ask: () => ({}),
    saw: ({ requests }: { requests: unknown[] }) => (requests.length > 0 ? "requests" : "no requests"),
    answers: { rest: "no requests", owner: "requests" },
  },
  findUser: {
    door: "device",
    ask: () => ({ request: { username: "owner" } }),
    answers: { rest: "ok", friend: "already_friends", owner: "request_to_self" },
  },
  sendRequest: [
    {
      door: "device",
      ask: async ({ house, pawn }, who) => ({
        request: await newRequest(house, who, { name: "pawn", user: pawn }),
      }),
      answers: { rest: "ok", bot: "not_for_bots" },
    },
    // To a bot: it is its owner's alone.
    {
      door: "device",
      ask: async ({ house, who }, person) => {
        const { name, person: bot } = who("bot") ?? person
        return { request: await newRequest(house, person, { name, user: bot.user }) }
      },
      answers: { rest: "bot_of_another", bot: "request_to_self", owner: "ok" },
    },
  ],
  // Of somebody to the owner.
  acceptRequest: {
    door: "device",
    ask: async ({ house, toAccept, group }, who) => {
      const rooms = await house.call("listRooms", { token: who.token })
      const here = rooms.value?.rooms.find((one) => one.room === toAccept.room)
      const hash = here?.hash ?? new Uint8Array(32)
      const notice = await group.notice(who, { kind: "resumed" }, hash, toAccept.room)
      return { params: { request: toAccept.request }, request: { n: 1, notice } }
    },
    answers: { rest: "unknown_request", owner: "ok" },
  },
  declineRequest: {
    door: "device",
    ask: ({ toDecline }) => ({ params: { request: toDecline.request }, request: {} }),
    answers: { rest: "unknown_request", owner: "ok" },
  },
  // Of the friendship that was just accepted.
  removeContact: {
    door: "device",
    ask: async ({ house, toAccept, aim, group }, who) => {
      const rooms = await house.call("listRooms", { token: who.token })
      const here = rooms.value?.rooms.find((one) => one.room === toAccept.room)
      const notice = await group.notice(
        who,
        { kind: "frozen" },
        here?.hash ?? new Uint8Array(32),
        toAccept.room,
      )
      return { params: { user: aim }, request: { n: 2, notice } }
    },
    answers: { rest: "not_friends", owner: "ok" },
  },
  blockUser: {
    door: "device",
    ask: ({ aim }) => ({ params: { user: aim }, request: {} }),
    answers: { rest: "ok" },
  },
  unblockUser: {
    door: "device",
    ask: ({ aim }) => ({ params: { user: aim }, request: {} }),
    answers: { rest: "ok" },
  },
} satisfies Record<string, Rows>
