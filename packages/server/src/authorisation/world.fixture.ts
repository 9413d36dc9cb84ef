/**
 * A real house with everybody who may knock at it, seen from one group `room` and one person `owner`: what the matrix
 * (authorisation.test.ts) asks its questions of.
 */
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { UPLOADS_PATH } from "@teahouse/protocol/http/blob.ts"
import { API } from "@teahouse/protocol/http.ts"
import { type Id, idBytes, newId } from "@teahouse/protocol/ids.ts"
import { rawSql } from "../db/database.fixture.ts"
import {
  idOf,
  login,
  openTestHouse,
  phoneOf,
  publish,
  random,
  register,
  revocationOf,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"
import { privateMessage } from "../room/log.fixture.ts"
import { greeted } from "./greet.fixture.ts"
import { type Group, growGroup } from "./group.fixture.ts"
import { registerBot, requestFor } from "./people.fixture.ts"

/** Those who may least come first, so that what one of them is given by mistake is still there to be given. */
export const callers = [
  /** Without a session. */
  "nobody",
  /** A device of `member` that was in the room and was taken away. */
  "revoked",
  /** Of an account that is in the room and that an administrator has disabled. */
  "disabled",
  /** Has just proved the password and has no device yet. */
  "newcomer",
  /** Has come by the recovery code and set no new password yet. */
  "recovering",
  "stranger",
  /** An administrator of the house, and in the room no more than any stranger. */
  "chief",
  /** A bot of the owner's that nobody has brought into the room. */
  "bot",
  /** Of the owner. */
  "friend",
  /** Was in the room, was removed, and is banned. */
  "removed",
  "member",
  "admin",
  "owner",
] as const
export type Caller = (typeof callers)[number]

export type World = Awaited<ReturnType<typeof openWorld>>

/** Long enough for every proof of a password to be old. */
const LONG_MS = 600_000
const FRESH_MS = 300_000

export async function openWorld() {
  let now = Date.now()
  const house = await openTestHouse({
    now: () => now,
    limits: { commitIntervalMs: 1, commitBurst: 1000, findsPerMinute: 100_000, sessionRecheckMs: 3_600_000 },
  })
  const pass = (ms: number) => {
    now += ms
  }
  // The first account of a house is its administrator.
  const chief = await register(house, "chief")
  const names = ["stranger", "newcomer", "recovering", "friend", "removed", "member", "admin", "owner"]
  const others = ["disabled", "aim", "asker", "pawn"]
  const made = await Promise.all([...names, ...others].map((name) => register(house, name)))
  const people = Object.fromEntries(made.map((one) => [one.name, one])) as Record<string, TestPerson>
  const of = (name: string) => people[name] as TestPerson
  const owner = of("owner")
  for (const who of ["owner", "aim", "pawn"]) await publish(house, of(who), 40)
  const bot = await registerBot(house, owner, "robot")
  await publish(house, bot, 2)
  const spareBot = await registerBot(house, owner, "spare-robot")

  const near = ["friend", "removed", "member", "admin", "disabled"]
  for (const name of near) await befriend(house, owner, of(name))
  const phone = await phoneOf(house, of("member"))
  const group = await growGroup(
    { house, pass, now: () => now },
    { owner, admin: of("admin"), member: of("member"), removed: of("removed"), disabled: of("disabled") },
    phone,
    async () => {
      const staying = [of("member").device]
      const request = await revocationOf(house, of("member"), phone.device.device, { staying })
      await house.call("revokeDevices", { token: of("member").token, request })
    },
  )
  for (const name of ["removed", "member", "admin", "disabled"]) await part(house, owner, of(name))

  await house.call("adminDisable", {
    token: chief.token,
    params: { user: of("disabled").person.user },
    request: {},
  })
  const invite = await house.call("adminCreateInvite", {
    token: chief.token,
    request: { uses: 1, life: 86_400_000 },
  })
  const [toAccept, toDecline] = [
    await requestFor(house, of("aim"), owner),
    await requestFor(house, of("asker"), owner),
  ]
  const joining = await group.askToJoin(of("asker"))
  await house.call("writeProfile", { token: owner.token, request: { version: 1, sealed: random(20) } })
  await house.call("writeHistory", {
    token: owner.token,
    params: { room: group.room, incarnation: 1, number: 0 },
    request: { version: 1, generation: 1, sealed: random(40) },
  })
  const blob = await upload(house, owner)
  const said = await say(house, owner, group)

  pass(LONG_MS)
  const entered = async (name: string) => (await login(house, name, of(name).password)).entered?.value.session
  const newcomer = await entered("newcomer")
  if (!newcomer) throw new Error("nobody came")

  const sessions: Record<Exclude<Caller, "nobody">, TestPerson> = {
    ...{ stranger: of("stranger"), friend: of("friend"), removed: of("removed"), member: of("member") },
    ...{ admin: of("admin"), owner, chief, bot, disabled: of("disabled"), recovering: of("recovering") },
    newcomer: { ...of("newcomer"), session: newcomer, token: newcomer.token },
    revoked: { ...of("member"), session: phone.session, token: phone.token, device: phone.device },
  }
  return {
    house,
    pass,
    now: () => now,
    group,
    room: group.room,
    owner: owner.person.user,
    aim: of("aim").person.user,
    pawn: of("pawn").person.user,
    people: { aim: of("aim"), asker: of("asker"), spareBot },
    invite: invite.value.invite,
    toAccept,
    toDecline,
    joining,
    blob,
    /** Position of what the owner has said. */
    said,
    /** undefined: nobody. */
    who: (caller: Caller): TestPerson | undefined => (caller === "nobody" ? undefined : sessions[caller]),
    /** The two whose proof counts only while it is fresh: it has just been given. */
    async prove() {
      const set = "UPDATE session SET fresh_until = ?, recovering = ? WHERE id = ?"
      await rawSql(house.data, set, [now + FRESH_MS, 0, idBytes(newcomer.id)])
      await rawSql(house.data, set, [now + FRESH_MS, 1, idBytes(of("recovering").session.id)])
    },
    /** A new session of an account, bound to the same device: for what ends a session. */
    async again(who: TestPerson): Promise<TestPerson> {
      const { entered } = await login(house, who.name, who.password)
      if (!entered) throw new Error(`${who.name} did not come in`)
      const { session } = entered.value
      const device = "UPDATE session SET device_id = ?, fresh_until = 0 WHERE id = ?"
      await rawSql(house.data, device, [idBytes(who.device.device), idBytes(session.id)])
      return { ...who, session, token: session.token }
    },
  }
}

/** As if they had asked and accepted (contact.test.ts does). */
async function befriend(house: TestHouse, a: TestPerson, b: TestPerson) {
  const insert = "INSERT INTO contact (user_id, peer_id, state, room_id, since) VALUES (?, ?, 1, ?, 0)"
  const [x, y] = [idBytes(a.person.user), idBytes(b.person.user)]
  await rawSql(house.data, insert, [x, y, random(16)])
  await rawSql(house.data, insert, [y, x, random(16)])
}

/** So that the common room alone lets them reach each other. */
async function part(house: TestHouse, a: TestPerson, b: TestPerson) {
  const [x, y] = [idBytes(a.person.user), idBytes(b.person.user)]
  const both = "DELETE FROM contact WHERE (user_id = ? AND peer_id = ?) OR (user_id = ? AND peer_id = ?)"
  await rawSql(house.data, both, [x, y, y, x])
}

export type Uploaded = { readonly blob: Id; readonly token: Uint8Array }

async function upload(house: TestHouse, who: TestPerson): Promise<Uploaded> {
  const [blob, token] = [newId(random), random(16)]
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64")
  const headers = { authorization: `Bearer ${toBase64url(who.token)}`, "tus-resumable": "1.0.0" }
  const about = `blob ${base64(idBytes(blob))},token ${base64(sha256(token))}`
  const begun = { ...headers, "upload-length": "8", "upload-metadata": about }
  await house.raw({ method: "POST", path: API + UPLOADS_PATH, headers: begun })
  const type = "application/offset+octet-stream"
  const stored = await house.raw({
    method: "PATCH",
    path: `${API + UPLOADS_PATH}/${blob}`,
    headers: { ...headers, "content-type": type, "upload-offset": "0" },
    body: random(8),
  })
  if (stored.status !== 204) throw new Error(`not uploaded: ${stored.status}`)
  return { blob, token }
}

async function say(house: TestHouse, who: TestPerson, group: Group): Promise<number> {
  const { line } = await greeted(house, await idOf(house), who)
  const { room, generation, epoch } = await group.place()
  const items = [{ n: await group.next(who), body: privateMessage(room, generation, epoch, random(30)) }]
  line.say({ t: "send", room, generation, epoch, items })
  const { items: placed } = await line.next("accepted")
  line.socket.close()
  return placed[0]?.seq ?? 0
}
