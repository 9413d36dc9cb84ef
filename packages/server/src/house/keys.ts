/**
 * The house's keys from their folder (docs/decisions/25-several-nodes.md), or new ones for a new house; never new ones where
 * the database is somebody's already. The database is then this house's, or the house does not open.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { createOpaqueSetup } from "../account/opaque.ts"
import type { Database } from "../db/port.ts"
import { StartRefused } from "../ops/refusal.ts"
import { loadVapid, PUSH_FILE } from "../push/vapid.ts"
import { HOUSE_FILE, loadHouse } from "./house.ts"

export type KeyTools = {
  /** There are other nodes. */
  readonly several: boolean
  /** Whom a push service may ask. */
  readonly subject: string
  readonly now: () => number
  readonly random: (length: number) => Uint8Array
}

export async function loadKeys(db: Database, folder: string, { several, subject, now, random }: KeyTools) {
  const there = (name: string) => existsSync(join(folder, name))
  const row = await db.read.selectFrom("house").selectAll().executeTakeFirst()
  if (row && !there(HOUSE_FILE)) throw new StartRefused(noKeysProblem(join(folder, HOUSE_FILE)))
  if (several && row?.push_key && !there(PUSH_FILE))
    throw new StartRefused(otherPushProblem(join(folder, PUSH_FILE)))
  const house = await loadHouse(folder, { now, random, opaqueSetup: createOpaqueSetup }).catch((error) => {
    throw new StartRefused(houseFileProblem(join(folder, HOUSE_FILE)), error)
  })
  const vapid = await loadVapid(folder, subject).catch((error) => {
    throw new StartRefused(pushFileProblem(join(folder, PUSH_FILE)), error)
  })
  const { incarnation } = house.incarnation
  const claim = { house: house.id, incarnation, pushKey: vapid.publicKey, several }
  const claimed = await db.write("house.claim", claim)
  if (claimed.ok) return { house, vapid }
  const pushOnly = claimed.error.detail?.reason === "another_push_key"
  throw new StartRefused(
    pushOnly ? otherPushProblem(join(folder, PUSH_FILE)) : otherHouseProblem(join(folder, HOUSE_FILE)),
  )
}

const houseFileProblem = (path: string) => ({
  zh: `${path} 无法读取或已损坏。它含有服务器的密钥，请从备份恢复；另建一个会使所有人无法登录。`,
  en: `${path} cannot be read or is damaged. It holds the house's keys: restore it from a backup; a new one would lock everybody out.`,
})
const pushFileProblem = (path: string) => ({
  zh: `${path} 已损坏。请从备份恢复，或删除它：设备会重新订阅推送。`,
  en: `${path} is damaged. Restore it from a backup, or delete it: devices subscribe to pushes anew.`,
})
const otherHouseProblem = (path: string) => ({
  zh: `数据库与 ${path} 不属于同一个 Teahouse。请从同一份备份中恢复两者；若这是又一个节点，请从第一个节点复制 house.json 和 push.json，或用 keys 指定共用的目录。`,
  en: `The database and ${path} do not belong to the same house. Restore both from one backup. If this is a further node, copy house.json and push.json from the first one, or name a folder that all of them use with keys.`,
})
const noKeysProblem = (path: string) => ({
  zh: `数据库已属于一个 Teahouse，但没有 ${path}。请从备份恢复它；若这是又一个节点，请从第一个节点复制 house.json 和 push.json，或用 keys 指定共用的目录。`,
  en: `The database belongs to a house already, and there is no ${path}. Restore it from a backup. If this is a further node, copy house.json and push.json from the first one, or name a folder that all of them use with keys.`,
})
const otherPushProblem = (path: string) => ({
  zh: `${path} 与其他节点的不同或不存在。请从其他节点复制它；若已丢失，请在不设置 nats 的情况下启动一次：设备会重新订阅推送。`,
  en: `${path} is not the one of the other nodes, or is not there. Copy it from one of them. If it is lost, start one node once without nats: devices subscribe to pushes anew.`,
})
