/**
 * The composition root: every part is made here and handed to those that need it. The command line, the tests and the
 * bench open a house by this one function.
 */

import { randomBytes } from "node:crypto"
import type { IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { networkInterfaces } from "node:os"
import { join } from "node:path"
import { type Id, idBytes } from "@teahouse/protocol/ids.ts"
import type { DestinationStream } from "pino"
import { writeFirstInvite } from "./account/invite.ts"
import { createLogins } from "./account/logins.ts"
import { createOpaque, createOpaqueSetup } from "./account/opaque.ts"
import { createRegistration } from "./account/registration.ts"
import { createBlobs } from "./blob/blobs.ts"
import { folderStore } from "./blob/folder.ts"
import { withReferences } from "./blob/references.ts"
import { createMemoryBus } from "./bus/memory.ts"
import { type Configuration, defaultConfiguration } from "./config.ts"
import { openSqlite } from "./db/sqlite.ts"
import { createHistoryJanitor } from "./history/janitor.ts"
import { HOUSE_FILE, loadHouse } from "./house/house.ts"
import { bracketed, createEdge, isLoopback } from "./http/edge.ts"
import { endpoints } from "./http/endpoints.ts"
import type { HouseParts } from "./http/parts.ts"
import { createRates } from "./http/rates.ts"
import { createServer } from "./http/server.ts"
import { createStaticFiles } from "./http/static.ts"
import { takeDataFolder } from "./ops/data-folder.ts"
import { createLog, trace } from "./ops/log.ts"
import { listenProblem, StartRefused } from "./ops/refusal.ts"
import { knocker } from "./push/knock.ts"
import { createPush } from "./push/push.ts"
import { loadVapid, PUSH_FILE } from "./push/vapid.ts"
import { createFanout } from "./room/fanout.ts"
import { createRooms } from "./room/rooms.ts"
import { createSender } from "./room/send.ts"
import { createSubscriptions } from "./room/subscription.ts"
import { attachSocket } from "./socket/accept.ts"
import { createHub } from "./socket/hub.ts"

export type StartOptions = Partial<Omit<Configuration, "limits">> & {
  readonly limits?: Partial<Configuration["limits"]>
  /** Where log lines go; standard output unless a test listens. */
  readonly logTo?: DestinationStream
  /** Milliseconds UTC. */
  readonly now?: () => number
  /** Bound of the database's size in pages of 4 KiB; past it, writes are answered `storage_full`. */
  readonly maxPages?: number
  /** Nothing can be written any more: whoever opened the house has to close it. */
  readonly onFatal?: () => void
}

export type RunningHouse = {
  /** As a browser on this machine reaches it. */
  readonly url: string
  readonly port: number
  /** File with the first administrator's link, where registration is by invitation and nobody has an account yet. */
  readonly firstInvite?: string
  /** Finishes what it has begun; resolves when everything is closed. */
  readonly stop: () => Promise<void>
}

/** Rejects with `StartRefused` where the reason is one that a person can mend. */
export async function startHouse(options: StartOptions = {}): Promise<RunningHouse> {
  const limits = { ...defaultConfiguration.limits, ...options.limits }
  const configuration: Configuration = { ...defaultConfiguration, ...options, limits }
  const { host, port, origins, stretching } = configuration
  const folder = takeDataFolder(configuration.data)
  const closing: (() => Promise<void> | void)[] = [folder.release]
  /** In the opposite order of opening; each is given its chance whatever the others do. */
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    const now = options.now ?? Date.now
    const random = (length: number) => new Uint8Array(randomBytes(length))
    const log = createLog(configuration.logLevel, options.logTo)

    let stopping = false
    const onFatal = (error: Error) => {
      stopping = true
      log.fatal(trace(error), "the database's writer failed")
      options.onFatal?.()
    }
    const opened = await openSqlite({
      path: join(folder.path, "house.db"),
      onFatal,
      ...(options.maxPages ? { maxPages: options.maxPages } : {}),
    })
    if (!opened.ok) throw new StartRefused(schemaProblem, opened.error.message)
    const db = opened.value
    closing.push(() => db.close())

    const house = await loadHouse(folder.path, { now, random, opaqueSetup: createOpaqueSetup }).catch(
      (error) => {
        throw new StartRefused(houseFileProblem(join(folder.path, HOUSE_FILE)), error)
      },
    )
    const claimed = await db.write("house.claim", {
      house: house.id,
      incarnation: house.incarnation.incarnation,
    })
    if (!claimed.ok) throw new StartRefused(otherHouseProblem)

    let listening = port
    const invite = () =>
      writeFirstInvite(db, invitationOrigin(host, listening, origins), folder.path, { now, random })
    const reachable = !isLoopback(host) || origins.some((origin) => !isLoopback(new URL(origin).hostname))
    const registration = createRegistration(reachable, () => {
      log.warn("a request came through a proxy: registration is by invitation from now on")
      void invite().then(
        (path) => path && log.warn({ path }, "the first administrator's link"),
        (error) => log.error(trace(error), "the first administrator's link could not be written"),
      )
    })

    const onError = (error: unknown) => log.error(trace(error), "something failed that should not")
    const bus = createMemoryBus(onError)
    const seen = (device: Id) => {
      if (!stopping) db.write("device.seen", { device: idBytes(device), now: now() }).catch(onError)
    }
    const hub = createHub({
      ...{ db, bus, limits, now, onError },
      onArrived(device) {
        push.arrived(device)
        seen(device)
      },
      onGone: (device) => seen(device),
    })
    const { pushOrigins } = configuration
    const subject = origins.find((origin) => origin.startsWith("https:")) ?? "mailto:nobody@teahouse.invalid"
    const vapid = await loadVapid(folder.path, subject).catch((error) => {
      throw new StartRefused(pushFileProblem(join(folder.path, PUSH_FILE)), error)
    })
    const push = createPush({
      ...{ db, now, onError, trusted: pushOrigins },
      knock: knocker(vapid, now, pushOrigins),
      connected: (device) => hub.has(device),
    })
    const fanout = createFanout({ house, bus, onError, said: push.said })
    const sender = withReferences({
      ...{ db, now, onError },
      sender: createSender({ db, fanout, limits, now, onError }),
    })
    const blobs = createBlobs({
      ...{ db, limits, now, onError },
      store: folderStore(join(folder.path, "blobs")),
    })
    const historyJanitor = createHistoryJanitor({ db, limits, now, onError })
    const subscriptions = createSubscriptions({ db, bus, house, limits, onError })
    closing.push(() => {
      subscriptions.stop()
      push.stop()
      hub.stop()
      blobs.stop()
      historyJanitor.stop()
    })
    const parts: HouseParts = {
      db,
      house,
      hub,
      push,
      vapid,
      pushOrigins,
      rooms: createRooms({ db, house, bus, fanout, limits, now, random }),
      blobs,
      opaque: await createOpaque(house.opaqueSetup),
      logins: createLogins(now),
      recoveries: createLogins(now),
      registration,
      rates: createRates(limits, now),
      limits,
      stretching,
      now,
      random,
      log,
    }
    const edge = createEdge({ host, origins })
    const app = createServer({
      endpoints,
      house: parts,
      edge,
      files: createStaticFiles(configuration.web),
      ready: async () => !stopping && (await canRead(db)),
    })
    closing.push(() => app.close())
    const check = (request: IncomingMessage) =>
      edge.check(request) ?? parts.rates.request(request.socket.remoteAddress ?? "unknown")?.kind
    const door = attachSocket(app.server, {
      ...{ db, house, hub, sender, subscriptions, limits, now, random, onError },
      check,
    })
    closing.push(() => door.close())
    try {
      await app.listen({ host, port })
    } catch (error) {
      throw listenProblem(error, host, port) ?? error
    }
    listening = (app.server.address() as AddressInfo).port
    const firstInvite = registration.mode() === "invite" ? await invite() : undefined
    return {
      url: `http://${wildcards.has(host) ? "127.0.0.1" : bracketed(host)}:${listening}`,
      port: listening,
      ...(firstInvite ? { firstInvite } : {}),
      async stop() {
        stopping = true
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

const wildcards = new Set(["0.0.0.0", "::"])

/** Where the person who gets the first link will open it. */
function invitationOrigin(host: string, port: number, origins: readonly string[]): string {
  if (origins[0]) return origins[0]
  const lan = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === "IPv4" && !one.internal)
  const name = wildcards.has(host) ? (lan?.address ?? "127.0.0.1") : bracketed(host)
  return `http://${name}:${port}`
}

async function canRead(db: HouseParts["db"]): Promise<boolean> {
  try {
    await db.read.selectFrom("house").select("incarnation").executeTakeFirst()
    return true
  } catch {
    return false
  }
}

const houseFileProblem = (path: string) => ({
  zh: `${path} 无法读取或已损坏。它含有服务器的密钥，请从备份恢复；另建一个会使所有人无法登录。`,
  en: `${path} cannot be read or is damaged. It holds the house's keys: restore it from a backup; a new one would lock everybody out.`,
})
const pushFileProblem = (path: string) => ({
  zh: `${path} 已损坏。请从备份恢复，或删除它：设备会重新订阅推送。`,
  en: `${path} is damaged. Restore it from a backup, or delete it: devices subscribe to pushes anew.`,
})
const schemaProblem = {
  zh: "这个数据目录由更新版本的 Teahouse 写成，请升级程序后再打开。",
  en: "This data folder was written by a newer Teahouse. Upgrade the program to open it.",
}
const otherHouseProblem = {
  zh: "数据库与 house.json 不属于同一个 Teahouse。请从同一份备份中恢复两者。",
  en: "The database and house.json do not belong to the same house. Restore both from one backup.",
}
