/**
 * A whole world: a house, its devices, and the network between them, in one thread and on one virtual clock. Devices run the
 * real client (packages/client/src/client.ts), the house its real log and endpoints.
 */
import "./preload.ts"
import { DatabaseSync } from "node:sqlite"
import { type Client, createClient } from "@teahouse/client/client.ts"
import type { Crypto, RoomsCrypto } from "@teahouse/client/crypto/port.ts"
import { memoryStages } from "@teahouse/client/file/memory-stage.ts"
import { memoryProfileLock } from "@teahouse/client/profile-lock.ts"
import type { CommandArgs, CommandName, CommandValue } from "@teahouse/client/view/port.ts"
import type { Judge } from "@teahouse/judge/judge.ts"
import type { Result } from "@teahouse/protocol/result.ts"
import type { House } from "@teahouse/server/house/house.ts"
import { type HouseDisk, openVirtualDatabase } from "./database.ts"
import { createDisk, DeviceFull, type Disk, type DiskImage } from "./disk.ts"
import { settle, use } from "./globals.ts"
import { openHouse } from "./house.ts"
import { createNetwork, type HouseHere } from "./network.ts"
import type { Rng } from "./random.ts"
import { keyBoxOf, type Seat } from "./seats.ts"
import { createTime, type Process } from "./time.ts"
import { createWatch, Violation } from "./watch.ts"

/** How groups are made: by the model or by MLS. */
export type Kind = {
  readonly crypto: Crypto
  readonly judge: Judge
  readonly model: boolean
  /** Of signatures that others than `crypto` look at; absent: WebCrypto's. */
  readonly verify?: (key: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean
}

/** A world at rest: what is on all disks. */
export type Image = {
  readonly house: House
  readonly database: Uint8Array
  readonly seats: readonly { readonly seat: Seat; readonly disk: DiskImage }[]
  /** Milliseconds UTC. */
  readonly at: number
}

export type Device = {
  readonly seat: Seat
  readonly disk: Disk
  process: Process
  client: Client | undefined
  /** How far its clock is off (ms). */
  skew: number
  lives: number
  restarting: boolean
  /** Somebody who means harm sits here, without a client (rogue.ts). */
  readonly hostile: boolean
}

export type World = Awaited<ReturnType<typeof openWorld>>

export async function openWorld(
  image: Image,
  kind: Kind,
  rng: Rng,
  options: { readonly note?: (at: number, line: string) => void; readonly hostile?: Seat | undefined } = {},
) {
  const random = (length: number) => rng.bytes(length)
  const time = createTime(image.at, settle)
  use({ time, ...(kind.verify ? { verify: kind.verify } : {}) })
  const note = (line: () => string) => options.note?.(time.now() - image.at, line())
  if (options.note) time.onStep = ({ process, what }) => note(() => `  ${process.name}: ${what}`)
  const violations: Violation[] = []
  const guard = <T>(run: () => T): T | undefined => {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      violations.push(error)
      return undefined
    }
  }

  const sqlite = new DatabaseSync(":memory:")
  sqlite.deserialize(image.database)
  const houseDisk: HouseDisk = { sqlite, fullUntil: 0, slowUntil: 0 }
  const hostile = new Set(options.hostile ? [options.hostile.device] : [])
  const watch = createWatch(sqlite, { hostile, model: kind.model })
  watch.onCommit()

  const bug = (who: string) => (error: unknown) => {
    if (error instanceof DeviceFull) return note(() => `${who}: its disk is full`)
    violations.push(new Violation(`${who} fails: ${(error as Error)?.stack ?? String(error)}`))
  }

  let house: HouseHere | undefined
  let houseSkew = 0
  let houseLives = 0

  const network = createNetwork({
    time,
    rng,
    house: () => house,
    note,
    onError: bug("the house"),
    onDown: (name, payload) => guard(() => watch.onDown(deviceOf(name).seat.device, payload)) ?? "frame",
    onUp: (name, payload) => guard(() => watch.onUp(deviceOf(name).seat.device, payload)) ?? "frame",
  })

  const devices: Device[] = image.seats.map(({ seat, disk }) => ({
    seat,
    disk: createDisk(disk, rng, (store, rows, writes) =>
      guard(() => watch.onBatch(seat, store, rows, writes)),
    ),
    process: { name: `${seat.name} before`, alive: false },
    client: undefined,
    skew: 0,
    lives: 0,
    restarting: false,
    hostile: hostile.has(seat.device),
  }))
  const byName = new Map(devices.map((device) => [device.seat.name, device]))
  const deviceOf = (name: string): Device => {
    const device = byName.get(name)
    if (!device) throw new Error(`nobody is called ${name}`)
    return device
  }
  for (const { seat, disk } of devices) guard(() => watch.lookAgain(seat, disk.rows(seat.user)))

  async function startHouse(): Promise<void> {
    const process: Process = { name: `house ${++houseLives}`, alive: true }
    await time.as(process, () => {
      const onCommit = () => guard(watch.onCommit)
      const db = openVirtualDatabase(houseDisk, time, process, rng, onCommit)
      const now = () => Math.floor(time.now() + houseSkew)
      const { crypto: _, judge } = kind
      house = {
        process,
        life: openHouse({ db, house: image.house, judge, now, random, onError: bug("the house") }),
      }
    })
    note(() => `${process.name} is open`)
  }

  function killHouse(): void {
    if (!house) return
    note(() => `${house?.process.name} is killed`)
    house.process.alive = false
    network.died(house.process)
    house = undefined
  }

  async function start(device: Device): Promise<void> {
    const { seat, disk } = device
    const process: Process = { name: `${seat.name} ${++device.lives}`, alive: true }
    device.process = process
    device.restarting = false
    await time.as(process, () => {
      device.client = createClient({
        origin: "http://house.test",
        profile: "p",
        stores: disk.stores(time, process),
        keyBox: keyBoxOf(seat),
        stages: memoryStages(),
        lock: memoryProfileLock(),
        crypto: { ...kind.crypto, room: unhurried(kind.crypto.room, process) },
        fetch: network.fetchFor(seat.name, process),
        openSocket: network.openSocketFor(seat.name, process),
        clock: () => Math.floor(time.now() + device.skew),
        timers: (ms, run) => time.after(ms, process, "timer", run),
        jitter: () => rng.next(),
        onBug: bug(process.name),
      })
    })
    note(() => `${process.name} starts`)
  }

  /** Some of it takes a moment, in which anything can happen. */
  function unhurried(rooms: RoomsCrypto, process: Process): RoomsCrypto {
    const slow = new Set<keyof RoomsCrypto>([
      ...(["commit", "process", "join", "joinExternally", "sealMessage", "openMessage", "look"] as const),
    ])
    return new Proxy(rooms, {
      get(target, name: keyof RoomsCrypto) {
        const run = target[name] as (...args: unknown[]) => unknown
        if (!slow.has(name)) return run
        return async (...args: unknown[]) => {
          if (rng.chance(0.2))
            await new Promise<void>((done) => time.after(rng.between(0, 30), process, `crypto ${name}`, done))
          return run(...args)
        }
      },
    })
  }

  function kill(device: Device, how: "killed" | "power cut"): void {
    note(() => `${device.process.name}: ${how}`)
    device.process.alive = false
    device.client = undefined
    network.died(device.process)
    if (how === "power cut") {
      const lost = device.disk.cutPower()
      note(() => `${device.seat.name}: ${lost} batches are lost`)
      guard(() => watch.lookAgain(device.seat, device.disk.rows(device.seat.user)))
    }
  }

  /** To be done between two steps. */
  const due: (() => Promise<void>)[] = []

  return {
    time,
    due,
    rng,
    watch,
    network,
    devices,
    violations,
    note,
    houseDisk,
    startHouse,
    killHouse,
    start,
    kill,
    get houseProcess() {
      return house?.process
    },
    get houseIsOpen() {
      return house !== undefined
    },
    moveHouseClock(ms: number) {
      houseSkew += ms
    },
    /** What a person does; nothing is waited for. `then` is told if the device lives that long. */
    async act<C extends CommandName>(
      device: Device,
      name: C,
      args: CommandArgs<C>,
      then: (result: Result<CommandValue<C>, { readonly kind: string }>) => void = () => {},
    ): Promise<void> {
      const { client, process } = device
      if (!client || !process.alive) return
      note(() => `${process.name}: ${name} ${JSON.stringify(args)}`)
      await time.as(process, () => {
        void client.command(name, args).then((result) => {
          note(() => `${process.name}: ${name} → ${result.ok ? "ok" : result.error.kind}`)
          then(result as never)
        }, bug(process.name))
      })
    },
    image: (): Image => ({
      house: image.house,
      database: sqlite.serialize(),
      seats: devices.map(({ seat, disk }) => ({ seat, disk: disk.image() })),
      at: time.now(),
    }),
    close: () => sqlite.close(),
  }
}
