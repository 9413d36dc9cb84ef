/**
 * A real room of many: every account registers through the real routes (OPAQUE with cheap stretching), and the room grows
 * by real commits of at most 128 adds that the house judges. Only that all of them are friends of the first is written
 * into the table: 500 friend requests would be 500 more rooms, and nothing of them is measured.
 */
import {
  add,
  commit,
  groupInfoOf,
  keyPackage,
  openRoom,
  random,
  type TestKeyPackage,
} from "@teahouse/judge/cases/world.fixture.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { callerOf, type Speaker, type TestPerson } from "@teahouse/server/http/house.fixture.ts"
import { befriendAll, crowd } from "../../test/headless/crowd.ts"

const ADDS = 128

export type BenchRoom = { readonly room: Id; readonly epoch: number; readonly people: readonly TestPerson[] }
type Mls = Awaited<ReturnType<typeof openRoom>>["mls"]
/** As its owner sees it, who can change it further. */
export type OwnedRoom = BenchRoom & { readonly mls: Mls }

export const buildRoom = async (url: string, database: string, members: number): Promise<BenchRoom> =>
  roomOf(url, database, await crowd(url, members, false))

/** A room of these, the first of them its owner. */
export async function roomOf(
  url: string,
  database: string,
  people: readonly TestPerson[],
): Promise<OwnedRoom> {
  const speaker: Speaker = { call: callerOf(url) }
  const [first, ...others] = people as readonly TestPerson[] as [TestPerson, ...TestPerson[]]
  befriendAll(database, first.person.user, others)

  const room = newId(random)
  let { mls } = await openRoom(first.device, room, groupPolicy(first.person.user))
  const { token } = first
  const opened = await speaker.call("createRoom", {
    token,
    request: { room, n: 1, opening: await groupInfoOf(mls) },
  })
  if (opened.status !== 200) throw new Error(`the room was refused: ${JSON.stringify(opened.refusal)}`)
  let epoch = 0
  for (let at = 0; at < others.length; at += ADDS) {
    const packages: TestKeyPackage[] = []
    for (const { device } of others.slice(at, at + ADDS)) packages.push(await keyPackage(device))
    mls = await post(speaker, token, room, epoch, await commit(mls, packages.map(add)))
    epoch++
  }
  return { room, epoch, people, mls }
}

export type Made = Awaited<ReturnType<typeof commit>>

/** Of the room's owner, who has committed everything so far. Gives the group afterwards. */
export async function post(
  speaker: Speaker,
  token: TestPerson["token"],
  room: Id,
  epoch: number,
  { welcome, groupInfo, next, commit: bytes }: Made,
): Promise<Mls> {
  const bundle = { n: epoch + 2, commit: bytes, groupInfo, ...(welcome ? { welcome } : {}) }
  const posted = await speaker.call("postCommit", {
    token,
    params: { room },
    request: { generation: 0, epoch, ...bundle },
  })
  if (posted.status !== 200) throw new Error(`a commit was refused: ${JSON.stringify(posted.refusal)}`)
  return next
}
