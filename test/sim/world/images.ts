/**
 * Worlds at rest that runs begin with, made by the clients themselves on a quiet network: friends are asked and answered, groups
 * are made. The same in every process, so that a seed means the same run wherever it is run.
 */
import { createPrivateKey, createPublicKey, sign } from "node:crypto"
import { DatabaseSync } from "node:sqlite"
import { createCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { mlsJudge } from "@teahouse/judge/judge.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { incarnationToSign } from "@teahouse/protocol/incarnation.ts"
import { migrate } from "@teahouse/server/db/migrate.ts"
import { migrations } from "@teahouse/server/db/migrations/migrations.ts"
import { kyselyOver, sqliteTarget } from "@teahouse/server/db/node-sqlite.ts"
import type { House } from "@teahouse/server/house/house.ts"
import { digest, isSigned, publicOf, signatureOf } from "../model/bytes.ts"
import { modelCrypto } from "../model/crypto.ts"
import { modelJudge } from "../model/judge.ts"
import { finished, settle, use } from "./globals.ts"
import { createRng, type Rng } from "./random.ts"
import { newAccount } from "./seats.ts"
import { createTime } from "./time.ts"
import { type Device, type Image, type Kind, openWorld, type World } from "./world.ts"

/** 2026-01-01. */
const START = 1_767_225_600_000

export function modelKind(rng: Rng): Kind {
  return {
    crypto: modelCrypto((length) => rng.bytes(length)),
    judge: modelJudge,
    model: true,
    verify: isSigned,
  }
}
/** Rooms, certificates and signatures are real; what is sealed at rest is the model's, so that it can be looked at. */
export function realKind(rng: Rng): Kind {
  const { sealed, link: _, ...rest } = modelCrypto((length) => rng.bytes(length))
  const { room, device, account, link } = createCrypto({ memory: 8, iterations: 1, parallelism: 1 })
  return { crypto: { ...rest, sealed, room, device, account, link }, judge: mlsJudge, model: false }
}

function houseFrom(rng: Rng, model: boolean): House {
  const [id, secret] = [newId((length) => rng.bytes(length)), rng.bytes(32)]
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret])
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" })
  const spki = createPublicKey(key).export({ format: "der", type: "spki" })
  const publicKey = model ? publicOf(secret) : Uint8Array.from(spki.subarray(-32))
  const signed = (bytes: Uint8Array) =>
    model ? signatureOf(publicKey, bytes) : Uint8Array.from(sign(null, bytes, key))
  const said = { house: id, incarnation: 1, previous: 0, time: START }
  return {
    id,
    publicKey,
    incarnation: { ...said, signature: signed(incarnationToSign(said)) },
    opaqueSetup: "none",
    sign: signed,
    derive: (purpose) => digest(purpose, secret),
  }
}

/** Accounts only. `people`: how many devices each has. */
async function founded(people: readonly number[], kind: Kind, rng: Rng): Promise<Image> {
  const random = (length: number) => rng.bytes(length)
  use({ time: createTime(START, settle), ...(kind.verify ? { verify: kind.verify } : {}) })
  const sqlite = new DatabaseSync(":memory:")
  await migrate(sqliteTarget(sqlite), migrations, START)
  const house = houseFrom(rng, kind.model)
  const maker = { db: kyselyOver(sqlite), house, crypto: kind.crypto, random, now: START }
  const seats = []
  for (const [i, devices] of people.entries())
    seats.push(...(await newAccount(maker, names[i] as string, devices)))
  const database = sqlite.serialize()
  sqlite.close()
  return { house, database, seats, at: START }
}
const names = ["lilei", "hanmei", "wangwu", "zhaoliu"]

const QUIET_MS = 120_000

async function runUntil(world: World, what: string, holds: () => boolean): Promise<void> {
  const until = world.time.now() + QUIET_MS
  while (!holds()) {
    const stepped = await world.time.step(until)
    if (world.violations[0]) throw world.violations[0]
    if (!stepped) throw new Error(`${what} did not come about`)
  }
}
const rest = async (world: World, ms: number) => {
  const until = world.time.now() + ms
  while (await world.time.step(until)) if (world.violations[0]) throw world.violations[0]
}

const directWith = (world: World, device: Device, peer: Id) =>
  [...(world.watch.metas.get(device.seat)?.values() ?? [])].find((meta) => meta.peer === peer)
const openIn = (world: World, device: Device, room: Id) =>
  world.watch.metas.get(device.seat)?.get(room)?.standing === "open"

async function befriend(world: World, a: Device, b: Device): Promise<void> {
  await world.act(a, "requestFriend", { username: b.seat.username, line: "hello" })
  let request: Id | undefined
  const stop = b.client?.subscribe("contacts", undefined, ({ incoming }) => {
    request = incoming.find(({ from }) => from.user === a.seat.user)?.id
  })
  await runUntil(world, "a request", () => request !== undefined)
  stop?.()
  await world.act(b, "acceptRequest", { id: request as Id })
  const both = () =>
    directWith(world, a, b.seat.user)?.standing === "open" &&
    directWith(world, b, a.seat.user)?.standing === "open"
  await runUntil(world, "a friendship", both)
}

export const places = ["strangers", "friends", "devices", "group"] as const
export type Place = (typeof places)[number]

export async function makeImage(place: Place, real: boolean): Promise<Image> {
  const rng = createRng(1_000 + places.indexOf(place))
  const kind = real ? realKind(rng) : modelKind(rng)
  const people = place === "devices" ? [2, 1] : place === "group" ? [1, 1, 1] : [1, 1]
  const world = await openWorld(await finished(founded(people, kind, rng)), kind, rng)
  await world.startHouse()
  for (const device of world.devices) await world.start(device)
  await rest(world, 10_000)
  const of = (name: string) => world.devices.filter(({ seat }) => seat.username === name)
  const [a] = of("lilei")
  const [b] = of("hanmei")
  const [c] = of("wangwu")
  if (!a || !b) throw new Error("nobody is here")
  if (place !== "strangers") await befriend(world, a, b)
  if (c) {
    await befriend(world, a, c)
    const members = [b.seat.user, c.seat.user]
    let room: Id | undefined
    await world.act(a, "createGroup", { name: "three", members }, (made) => {
      if (made.ok) room = made.value.room
    })
    await runUntil(
      world,
      "a group",
      () => room !== undefined && world.devices.every((d) => openIn(world, d, room as Id)),
    )
  }
  await rest(world, 30_000)
  const image = world.image()
  world.close()
  return image
}
