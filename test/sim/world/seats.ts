/**
 * Accounts and their devices as signing up leaves them: rows of the house, and a store on each device's disk. Signing up itself
 * is OPAQUE's business, which has nothing to do with rooms.
 */

import {
  ACCOUNT,
  type AccountRecord,
  type HousePin,
  type LastRecord,
} from "@teahouse/client/account/records.ts"
import { newStoreKey } from "@teahouse/client/account/unlock.ts"
import type { Crypto, Device } from "@teahouse/client/crypto/port.ts"
import type { KeyBox } from "@teahouse/client/store/key-box.ts"
import { memoryStores } from "@teahouse/client/store/memory.ts"
import { sealedStore } from "@teahouse/client/store/sealed.ts"
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { type Id, idBytes, newId } from "@teahouse/protocol/ids.ts"
import { pack } from "@teahouse/protocol/pack.ts"
import { tokenHash } from "@teahouse/server/account/session.ts"
import type { WriteDb } from "@teahouse/server/db/schema.ts"
import { writes } from "@teahouse/server/db/writes.ts"
import type { House } from "@teahouse/server/house/house.ts"
import { modelKey } from "../model/crypto.ts"
import type { DiskImage } from "./disk.ts"

/** A device's place in the world, whatever process sits on it. */
export type Seat = {
  readonly name: string
  readonly user: Id
  readonly username: string
  readonly device: Id
  readonly token: Uint8Array
  readonly storeKey: Uint8Array
}

export type SeatMaker = {
  readonly db: WriteDb
  readonly house: House
  readonly crypto: Crypto
  readonly random: (length: number) => Uint8Array
  readonly now: number
}

const FOREVER = 8_640_000_000_000
const GENERATION = 1

/** As many devices as asked for, each with its disk. */
export async function newAccount(
  { db, house, crypto, random, now }: SeatMaker,
  username: string,
  devices: number,
): Promise<{ readonly seat: Seat; readonly disk: DiskImage }[]> {
  const user = newId(random)
  const keys = await crypto.account.newAccount()
  const amk = await crypto.account.newAmk(keys, user, GENERATION)
  const made: { seat: Seat; disk: DiskImage }[] = []
  for (let i = 0; i < devices; i++) {
    const signature = await crypto.device.newSignatureKey()
    const [device, session, token] = [newId(random), newId(random), random(32)]
    const certificate = await crypto.account.issueCertificate(keys.uik, {
      ...{ house: house.id, user, device, generation: GENERATION, username, kind: "person" },
      signatureKey: signature.publicKey,
    })
    const own: Device = { house: house.id, user, device, certificate, signature }
    const account: AccountRecord = {
      ...{ user, username, uik: keys.uik.publicKey, device: own, generation: GENERATION, amks: [amk] },
      session: { id: session, token, expires: FOREVER },
    }
    const row = {
      ...{ id: idBytes(session), token_hash: tokenHash(token), user_id: idBytes(user) },
      ...{ device_id: idBytes(device), created: now, fresh_until: now, expires: FOREVER, recovering: 0 },
    }
    const deviceRow = { id: idBytes(device), certificate, signatureKey: signature.publicKey }
    if (i === 0)
      await must(
        writes["account.register"](db, {
          account: {
            ...{ id: idBytes(user), name: utf8(username), kind: 0, uik: keys.uik.publicKey },
            ...{ generation: GENERATION, record: random(9), created: now, notebook_cursor: 0 },
            ...{ stretch_memory: 8, stretch_iterations: 1, stretch_parallelism: 1, vault_version: 1 },
            ...{ vault_key: keys.vault.publicKey, vault_key_signature: random(64), vault_keys: random(40) },
            ...{ root_by_password: random(40), root_by_recovery: random(40), recovery_key: random(32) },
          },
          look: utf8(username),
          key: { generation: GENERATION, sealed: random(40) },
          ...{ device: deviceRow, session: row, invite: null, bot: null },
        }),
      )
    else {
      await db
        .insertInto("session")
        .values({ ...row, device_id: null })
        .execute()
      await must(
        writes["device.bind"](db, {
          ...{ session: row.id, user: row.user_id, device: deviceRow.id, certificate },
          ...{ signatureKey: signature.publicKey, fresh: true, maxDevices: 20, maxNewPerDay: 20, now },
        }),
      )
    }
    const storeKey = random(32)
    const seat: Seat = { name: `${username}/${i + 1}`, user, username, device, token, storeKey }
    made.push({ seat, disk: await diskOf(seat, account, house, crypto) })
  }
  return made
}

async function must(result: Promise<{ readonly ok: boolean }>): Promise<void> {
  if (!(await result).ok) throw new Error("the world could not be furnished")
}

const keyBoxes = new WeakMap<Seat, CryptoKey>()
/** The key stays the same object for a seat, as it does in a browser's box. */
export function keyBoxOf(seat: Seat): KeyBox {
  const key = () => {
    const known = keyBoxes.get(seat) ?? modelKey(seat.storeKey)
    keyBoxes.set(seat, known)
    return known
  }
  return { load: async () => key(), save: async () => key(), drop: async () => {} }
}

async function diskOf(seat: Seat, account: AccountRecord, house: House, crypto: Crypto): Promise<DiskImage> {
  const stores = memoryStores()
  const raw = await stores.open(seat.user)
  const [amk] = account.amks
  if (!amk) throw new Error("an account without keys")
  await newStoreKey(raw, crypto, keyBoxOf(seat), seat.name, amk)
  const key = (await keyBoxOf(seat).load(seat.name)) as CryptoKey
  await sealedStore(raw, key, crypto.sealed).write([{ put: ACCOUNT, value: account }])
  const index = await stores.open("index")
  const last: LastRecord = { user: seat.user, username: seat.username }
  const pin: HousePin = {
    ...{ house: house.id, houseKey: house.publicKey, opaqueKey: "none" },
    incarnation: house.incarnation.incarnation,
  }
  await index.batch([
    { put: "last", value: pack(last) },
    { put: "house", value: pack(pin) },
  ])
  const rowsOf = async (name: string) =>
    new Map((await (await stores.open(name)).range("")).map(({ key: at, value }) => [at, value]))
  return new Map([
    [seat.user, await rowsOf(seat.user)],
    ["index", await rowsOf("index")],
  ])
}
