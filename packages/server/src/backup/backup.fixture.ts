/** A house with people, a room of two entries, and files; and how tests take a backup of it, change it, and restore it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { groupInfoOf, openRoom } from "@teahouse/judge/cases/world.fixture.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { sha256 } from "@teahouse/protocol/hash.ts"
import { type Id, idFrom, newId } from "@teahouse/protocol/ids.ts"
import { groupPolicy } from "@teahouse/protocol/policy.ts"
import { databaseOf } from "../db/database.fixture.ts"
import { openTestHouse, random, register, type TestHouse, type TestPerson } from "../http/house.fixture.ts"
import { MANIFEST, MANIFEST_SUM, partOf, sumLine } from "./format.ts"
import { type RestoreOptions, restoreBackup } from "./restore.ts"
import { type TakeOptions, takeBackup } from "./take.ts"

/** A folder for backups and what is restored from them, and its end. */
export function shelf() {
  const path = mkdtempSync(join(tmpdir(), "teahouse-backup-"))
  return {
    path,
    at: (name: string) => join(path, name),
    names: () => readdirSync(path),
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** What each test begins with. `end` does what is in `undo`, the last one first. */
export async function begin() {
  const place = shelf()
  const undo: (() => unknown)[] = [place.remove]
  const house = await openTestHouse()
  undo.push(house.remove)
  return { place, undo, house, lin: await register(house, "lin") }
}
export async function end(undo: (() => unknown)[]) {
  for (const step of undo.splice(0).reverse()) await step()
}

export async function openGroup(house: TestHouse, owner: TestPerson): Promise<Id> {
  const room = newId(random)
  const { mls } = await openRoom(owner.device, room, groupPolicy(owner.person.user))
  const request = { room, n: 1, opening: await groupInfoOf(mls) }
  const opened = await house.call("createRoom", { token: owner.token, request })
  if (opened.status !== 200) throw new Error(`no room: ${JSON.stringify(opened.refusal)}`)
  return room
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64")

/** Of `size` bytes, of which the first ones are sent. */
export async function uploadTo(house: TestHouse, who: TestPerson, bytes: Uint8Array, size = bytes.length) {
  const [blob, token] = [idFrom(random(16)), random(16)]
  const headers = { authorization: `Bearer ${toBase64url(who.token)}`, "tus-resumable": "1.0.0" }
  const metadata = `blob ${base64(Buffer.from(blob, "base64url"))},token ${base64(sha256(token))}`
  await house.raw({
    method: "POST",
    path: "/api/uploads",
    headers: { ...headers, "upload-length": String(size), "upload-metadata": metadata },
  })
  const sent = await house.raw({
    method: "PATCH",
    path: `/api/uploads/${blob}`,
    headers: {
      ...headers,
      "upload-offset": "0",
      "content-type": "application/offset+octet-stream",
      "content-length": String(bytes.length),
    },
    body: bytes,
  })
  if (sent.status !== 204) throw new Error(`not uploaded: ${sent.status}`)
  return { blob, token }
}

export const readBlob = async (
  house: TestHouse,
  who: TestPerson,
  { blob, token }: { blob: Id; token: Uint8Array },
) =>
  new Uint8Array(
    await (
      await fetch(`${house.url}/api/blobs/${blob}`, {
        headers: { authorization: `Bearer ${toBase64url(who.token)}`, "x-read-token": toBase64url(token) },
      })
    ).arrayBuffer(),
  )

export const take = async (data: string, to: string, more: Partial<TakeOptions> = {}) =>
  takeBackup({
    configuration: { data, database: existsSync(data) ? await databaseOf(data) : "sqlite" },
    to,
    operatorKey: undefined,
    now: Date.now,
    random,
    onProgress() {},
    ...more,
  })

export const restoreFrom = async (from: string, data: string, more: Partial<RestoreOptions> = {}) =>
  restoreBackup({
    ...{ from, data, database: await databaseOf(data), operatorKey: undefined },
    ...{ signOut: false, now: Date.now, onProgress() {} },
    ...more,
  })

/** Whoever has all of a backup can make its sums anew. */
export async function changeManifest(folder: string, change: (text: string) => string | Promise<string>) {
  const path = join(folder, MANIFEST)
  const changed = await change(readFileSync(path, "utf8"))
  writeFileSync(path, changed)
  const { sha256 } = await partOf(path)
  rmSync(join(folder, MANIFEST_SUM), { force: true })
  writeFileSync(join(folder, MANIFEST_SUM), sumLine(sha256, MANIFEST))
}
