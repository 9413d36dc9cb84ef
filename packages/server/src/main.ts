/**
 * The composition root: every part is made here and handed to those that need it. The command line, the tests and the
 * bench open a house by this one function.
 */

import { randomBytes } from "node:crypto"
import type { IncomingMessage, Server } from "node:http"
import type { Server as SecureServer } from "node:https"
import type { AddressInfo } from "node:net"
import { networkInterfaces } from "node:os"
import { type Id, idBytes, newId } from "@teahouse/protocol/ids.ts"
import type { DestinationStream } from "pino"
import { writeFirstInvite } from "./account/invite.ts"
import { createLogins, pendingLogin, pendingRecovery } from "./account/logins.ts"
import { fillLooks } from "./account/looks.ts"
import { createOpaque } from "./account/opaque.ts"
import { createRegistration } from "./account/registration.ts"
import { createAdministration } from "./admin/acts.ts"
import { createLive } from "./admin/live.ts"
import type { Assets } from "./assets.ts"
import { createBlobs } from "./blob/blobs.ts"
import { openBlobStore, seldom } from "./blob/open.ts"
import { withReferences } from "./blob/references.ts"
import { openBus } from "./bus/open.ts"
import { type Configuration, defaultConfiguration } from "./config.ts"
import { openDatabase } from "./db/open.ts"
import { createHistoryJanitor } from "./history/janitor.ts"
import { loadKeys } from "./house/keys.ts"
import { createNodes } from "./house/nodes.ts"
import { createClientAddress, trustedBy } from "./http/client-address.ts"
import { createConnectionBound } from "./http/connection-bound.ts"
import { bracketed, createEdge, isLoopback } from "./http/edge.ts"
import { endpoints } from "./http/endpoints.ts"
import type { HouseParts } from "./http/parts.ts"
import { createRates } from "./http/rates.ts"
import { createServer } from "./http/server.ts"
import { createStaticFiles, pageIn } from "./http/static.ts"
import { openSharedFolder, takeDataFolder } from "./ops/data-folder.ts"
import { createLog, trace } from "./ops/log.ts"
import { createMetrics, type Gauge, textOf } from "./ops/metrics.ts"
import { listenForMetrics, type MetricsPort } from "./ops/metrics-port.ts"
import { nodeGauges } from "./ops/node-gauges.ts"
import { collectWhenQuiet } from "./ops/quiet.ts"
import { listenProblem, plainProblem, type StartRefused } from "./ops/refusal.ts"
import { type Reloaded, reload } from "./ops/reload.ts"
import { createSharedRates } from "./ops/shared-rates.ts"
import { knocker } from "./push/knock.ts"
import { createPush } from "./push/push.ts"
import { createFanout } from "./room/fanout.ts"
import { lateJudge } from "./room/late-judge.ts"
import { createRetention } from "./room/retention.ts"
import { createRooms } from "./room/rooms.ts"
import { createSender } from "./room/send.ts"
import { createSubscriptions } from "./room/subscription.ts"
import { attachSocket } from "./socket/accept.ts"
import { createHub } from "./socket/hub.ts"
import { createPresence } from "./socket/presence.ts"
import { listenForSockets, type SecondPort } from "./socket/second.ts"
import { openSecure } from "./tls/open.ts"
import { listenPlain, type PlainPort } from "./tls/plain.ts"
import type { OwnAuthority, Shown } from "./tls/port.ts"
import { publiclyTrusted } from "./tls/trusted.ts"

export type StartOptions = Partial<Omit<Configuration, "limits">> & {
  readonly limits?: Partial<Configuration["limits"]>
  /** Where the program is one file, what it has inside. */
  readonly assets?: Assets
  /** Where log lines go; standard output unless a test listens. */
  readonly logTo?: DestinationStream
  /** Milliseconds UTC. */
  readonly now?: () => number
  /** Bound of the database's size in pages of 4 KiB; past it, writes are answered `storage_full`. */
  readonly maxPages?: number
  /** The house has this process to itself: what starting left in memory is given back when it is first quiet (ops/quiet.ts). */
  readonly tidy?: boolean
  /** Certificates (PEM) that browsers everywhere trust; those that came with Node unless a test says otherwise. */
  readonly publicRoots?: readonly string[]
  /** Nothing can be written any more: whoever opened the house has to close it. `disk`: why, where it is the disk, and what to end with. */
  readonly onFatal?: (disk?: StartRefused) => void
}

export type RunningHouse = {
  /** As a browser on this machine reaches it. */
  readonly url: string
  readonly port: number
  /** Where the configuration asks for one more. */
  readonly socketPort?: number
  /** Of `/metrics`, where the configuration names an address. */
  readonly metricsPort?: number
  /** Of the port for http beside https, where there is one. */
  readonly redirectPort?: number
  /** Where the house has a certificate of its own: what people compare before they trust it. */
  readonly ownAuthority?: OwnAuthority
  /** Where the page stands that explains it. */
  readonly explainedAt?: string
  /** Names for which a certificate is being ordered; https is there when it has come. */
  readonly ordering?: readonly string[]
  /** File with the first administrator's link, where registration is by invitation and nobody has an account yet. */
  readonly firstInvite?: string
  /** Takes over what can change while it is open; a configuration that was read again. */
  readonly reload: (next: Configuration) => Reloaded
  /** Finishes what it has begun; resolves when everything is closed. */
  readonly stop: () => Promise<void>
}

/** Rejects with `StartRefused` where the reason is one that a person can mend. */
export async function startHouse(options: StartOptions = {}): Promise<RunningHouse> {
  const limits = { ...defaultConfiguration.limits, ...options.limits }
  const configuration: Configuration = { ...defaultConfiguration, ...options, limits }
  const { host, port, socketPort, origins, stretching } = configuration
  const folder = takeDataFolder(configuration.data)
  const closing: (() => Promise<void> | void)[] = [folder.release]
  /** In the opposite order of opening; each is given its chance whatever the others do. */
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    const now = options.now ?? Date.now
    const random = (length: number) => new Uint8Array(randomBytes(length))
    const log = createLog(configuration.logLevel, options.logTo, configuration.logFormat)

    let stopping = false
    const onFatal = (error: Error, disk?: StartRefused) => {
      stopping = true
      const said = disk ? `${disk.problem.zh} ${disk.problem.en}` : "the database's writer failed"
      log.fatal(trace(error), said)
      options.onFatal?.(disk)
    }
    const db = await openDatabase({
      url: configuration.database,
      folder: folder.path,
      held: true,
      onFatal,
      onFull: seldom(({ zh, en }) => log.error(`${zh} ${en}`), now),
      migrate: configuration.migrate,
      onCopied: ({ zh, en }) => log.warn(`${zh} ${en}`),
      onRisk: ({ zh, en }) => log.warn(`${zh} ${en}`),
      ...(options.assets ? { writer: options.assets.writer } : {}),
      ...(options.maxPages ? { maxPages: options.maxPages } : {}),
      ...(options.tidy ? { tidy: true } : {}),
    })
    closing.push(() => db.close())

    await fillLooks(db)

    const several = configuration.nats !== undefined
    const keys = configuration.keys ? openSharedFolder(configuration.keys, theKeys) : folder.path
    if (configuration.blobs) openSharedFolder(configuration.blobs, theBlobs)
    const secure = await openSecure(configuration, { keys, data: folder.path, now, log })
    const subject = origins.find((origin) => origin.startsWith("https:")) ?? "mailto:nobody@teahouse.invalid"
    const { house, vapid } = await loadKeys(db, keys, { several, subject, now, random })

    let listening = port
    const invite = () =>
      writeFirstInvite(db, invitationOrigin(secure ? "https" : "http", host, listening, origins), keys, {
        now,
        random,
      })
    const reachable = !isLoopback(host) || origins.some((origin) => !isLoopback(new URL(origin).hostname))
    const onProxy = () => {
      log.warn("a request came through a proxy: registration is by invitation from now on")
      void invite().then(
        (path) => path && log.warn({ path }, "the first administrator's link"),
        (error) => log.error(trace(error), "the first administrator's link could not be written"),
      )
    }
    const registration = createRegistration(reachable, onProxy, configuration.registration)

    const metrics = createMetrics()
    const onError = (error: unknown) => {
      metrics.failures.value += 1
      log.error(trace(error), "something failed that should not")
    }
    const bus = await openBus(configuration.nats, house.id, log, onError)
    closing.push(() => bus.close())
    const node = newId(random)
    const shared = several ? createSharedRates(bus, node) : undefined
    const sharing = shared ? { share: shared.share } : {}
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
    const presence = several ? createPresence({ bus, has: hub.has, random }) : undefined
    const nodes = several ? createNodes({ bus, node, now, onGap: () => hub.readAgain() }) : undefined
    const push = createPush({
      ...{ db, now, onError, trusted: pushOrigins },
      knock: knocker(vapid, now, pushOrigins),
      connected: (device) => hub.has(device),
      ...(presence ? { others: { bus, elsewhere: presence.elsewhere } } : {}),
    })
    const fanout = createFanout({ house, bus, onError, said: push.said })
    const sender = withReferences({
      ...{ db, now, onError },
      sender: createSender({ db, fanout, limits, now, onError, metrics, ...sharing }),
    })
    const { incarnation } = house.incarnation
    const store = await openBlobStore(
      { ...configuration, data: folder.path },
      { house: house.id, incarnation },
      seldom(({ zh, en }) => log.error(`${zh} ${en}`), now),
    )
    const blobs = createBlobs({ db, limits, now, onError, store })
    const { retentionDays: days } = configuration
    const retention = days === undefined ? undefined : createRetention({ db, days, now, onError })
    const historyJanitor = createHistoryJanitor({ db, limits, now, onError })
    const subscriptions = createSubscriptions({ db, bus, house, limits, onError, metrics })
    closing.push(() => {
      subscriptions.stop()
      nodes?.stop()
      presence?.stop()
      shared?.stop()
      push.stop()
      hub.stop()
      blobs.stop()
      historyJanitor.stop()
      retention?.stop()
    })
    const loginParts = { db, key: house.derive("pending logins"), now, random }
    const judge = lateJudge()
    const parts: HouseParts = {
      db,
      house,
      judge,
      hub,
      push,
      vapid,
      pushOrigins,
      rooms: createRooms({ db, house, judge, bus, fanout, limits, now, random, ...sharing }),
      blobs,
      opaque: await createOpaque(house.opaqueSetup),
      logins: createLogins("login", pendingLogin, loginParts),
      recoveries: createLogins("recovery", pendingRecovery, loginParts),
      registration,
      administration: createAdministration({
        db,
        now,
        random,
        ended: (sessions) => hub.endSessions(sessions),
      }),
      live: createLive({
        ...{ node, now, folder: folder.path },
        metrics,
        connections: () => hub.size,
      }),
      rates: createRates(limits, now, shared?.share),
      limits,
      stretching,
      now,
      random,
      log,
      metrics,
      clientAddress: createClientAddress(configuration.trustedProxies),
    }
    const reached = seldom(({ zh, en }) => log.warn(`${zh} ${en}`), now)
    const bound = createConnectionBound({
      ...{ limits, clientAddress: parts.clientAddress },
      trusted: trustedBy(configuration.trustedProxies),
      onReached: () => reached(tooManyFromOne),
    })
    const openMetrics = async (at: { host: string; port: number }): Promise<MetricsPort> => {
      const machine = nodeGauges(folder.path)
      closing.push(machine.stop)
      const house: Gauge[] = [
        { name: "teahouse_connections", help: "Sockets of signed-in devices.", value: () => hub.size },
        {
          name: "teahouse_ready",
          help: "1 where the database can be read.",
          value: async () => (!stopping && (await canRead(db)) ? 1 : 0),
        },
        {
          name: "teahouse_bus_connected",
          help: "1 where other nodes are heard.",
          value: () => (bus.connected ? 1 : 0),
        },
      ]
      try {
        return await listenForMetrics(at, () => textOf(metrics, [...house, ...machine.gauges]))
      } catch (error) {
        throw listenProblem(error, at.host, at.port) ?? error
      }
    }
    const openPlain = async (at: number): Promise<PlainPort> => {
      const own = secure?.own
      const { explainingPage } = own ? await import("./tls/self-signed/page.ts") : {}
      try {
        return await listenPlain({
          ...{ host, port: at, origins, names: own?.names ?? [], challenge: secure?.challenge },
          ...(own && explainingPage ? { page: explainingPage(own) } : {}),
          secure: () => ({ port: listening, ready: shown !== undefined }),
        })
      } catch (error) {
        throw plainProblem(error, at) ?? listenProblem(error, host, at) ?? error
      }
    }
    const edge = createEdge({ host, origins, names: secure?.own?.names ?? [] })
    let shown: Shown | undefined = secure?.first
    const isPublic = () => shown !== undefined && publiclyTrusted(shown.cert, options.publicRoots)
    let insists = !secure || isPublic()
    const tls = secure && { ...shown }
    const app = createServer({
      endpoints,
      house: parts,
      edge,
      files: createStaticFiles(options.assets?.page ?? pageIn(configuration.web)),
      ready: async () => !stopping && (await canRead(db)),
      notes: () => (bus.connected ? [] : ["nats: away"]),
      ...(tls ? { tls } : {}),
      insists: () => insists,
    })
    let second: SecondPort | undefined
    const show = (next: Shown) => {
      shown = next
      insists = isPublic()
      const context = { cert: next.cert, key: next.key, minVersion: "TLSv1.2" } as const
      ;(app.server as unknown as SecureServer).setSecureContext(context)
      second?.setSecureContext?.(context)
    }
    closing.push(() => app.close())
    closing.push(() => second?.close())
    const check = (request: IncomingMessage) =>
      edge.check(request) ?? parts.rates.request(parts.clientAddress(request))?.kind
    const door = attachSocket(app.server, {
      ...{ db, house, hub, sender, subscriptions, limits, now, random, onError },
      ...{ check, enter: bound.enter },
    })
    bound.watch(app.server, !tls)
    closing.push(() => door.close())
    try {
      await app.listen({ host, port })
    } catch (error) {
      throw listenProblem(error, host, port) ?? error
    }
    listening = (app.server.address() as AddressInfo).port
    const measured = configuration.metrics && (await openMetrics(configuration.metrics))
    closing.push(() => measured?.close())
    if (socketPort !== undefined) {
      second = await openSecond(app.server, host, socketPort, tls)
      bound.watch(second.server, !tls)
    }
    const plain =
      secure && configuration.redirectPort !== undefined && (await openPlain(configuration.redirectPort))
    if (plain) bound.watch(plain.server, true)
    closing.push(() => (plain ? plain.close() : undefined))
    // A certificate authority comes to the port for http, so that is open before anything is ordered.
    const watch = secure?.watch(show)
    closing.push(() => watch?.stop())
    if (options.tidy) closing.push(collectWhenQuiet())
    const firstInvite = registration.mode() !== "open" ? await invite() : undefined
    return {
      url: `${secure ? "https" : "http"}://${wildcards.has(host) ? "127.0.0.1" : bracketed(host)}:${listening}`,
      port: listening,
      ...(second ? { socketPort: second.port } : {}),
      ...(measured ? { metricsPort: measured.port } : {}),
      ...(plain ? { redirectPort: plain.port } : {}),
      ...(secure?.own ? { ownAuthority: secure.own } : {}),
      ...(secure?.own && plain ? { explainedAt: `${invitationOrigin("http", host, plain.port, [])}/` } : {}),
      ...(configuration.acme && !shown ? { ordering: configuration.acme.names } : {}),
      ...(firstInvite ? { firstInvite } : {}),
      reload(next) {
        watch?.look()
        const told = reload({ configuration, limits, log }, next)
        log.info(told, "the configuration was read again")
        return told
      },
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

async function openSecond(door: Server, host: string, port: number, tls?: Partial<Shown>) {
  try {
    return await listenForSockets(door, host, port, tls)
  } catch (error) {
    throw listenProblem(error, host, port) ?? error
  }
}

const wildcards = new Set(["0.0.0.0", "::"])

/** Where the person who gets the first link will open it. */
function invitationOrigin(
  scheme: "http" | "https",
  host: string,
  port: number,
  origins: readonly string[],
): string {
  if (origins[0]) return origins[0]
  const lan = networks().find((one) => one?.family === "IPv4" && !one.internal)
  const name = wildcards.has(host) ? (lan?.address ?? "127.0.0.1") : bracketed(host)
  return `${scheme}://${name}:${port}`
}

/** Some hardened services may not ask. */
function networks() {
  try {
    return Object.values(networkInterfaces()).flat()
  } catch {
    return []
  }
}

async function canRead(db: HouseParts["db"]): Promise<boolean> {
  try {
    await db.read.selectFrom("house").select("incarnation").executeTakeFirst()
    return true
  } catch {
    return false
  }
}

const theKeys = { zh: "密钥目录", en: "folder of keys", by: "keys" }
const theBlobs = { zh: "文件目录", en: "folder of files", by: "blobs" }
const tooManyFromOne = {
  zh: "有一个网络地址的连接数达到了 connections_per_address，更多的会被拒绝。",
  en: "A network address has as many connections as connections_per_address allows; more are refused.",
}
