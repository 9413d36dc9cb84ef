/** What goes wrong in one run: a few kinds out of all, drawn at its beginning, so that some runs are all crashes and some are calm. */
import { calm } from "./network.ts"
import type { Rng } from "./random.ts"
import type { Event } from "./time.ts"
import type { Device, World } from "./world.ts"

const kinds = [
  "device killed",
  "power cut",
  "house killed",
  "requests lost",
  "requests twice",
  "frames lost",
  "frames twice",
  "slow network",
  "sockets break",
  "partition",
  "slow disk",
  "full disk",
  "slow house disk",
  "full house disk",
  "device clock",
  "house clock",
] as const
export type Fault = (typeof kinds)[number]

const MINUTE = 60_000
const HOUR = 60 * MINUTE

export const drawWeather = (rng: Rng): Fault[] => {
  const often = rng.between(0.1, 0.6)
  return kinds.filter(() => rng.chance(often))
}

/** One fault, now. What ends by itself ends by a later event of the world's own. */
export async function strike(world: World, kind: Fault): Promise<void> {
  const { rng, devices, network, time, note } = world
  const device = rng.pick(devices)
  const { name } = device.seat
  const later = (ms: number, run: () => void) => time.after(ms, nature, `${kind} is over`, run)
  note(() => `** ${kind}${kind.includes("house") ? "" : ` ${name}`}`)
  switch (kind) {
    case "device killed":
    case "power cut":
      return killFor(world, device, kind === "power cut" ? kind : "killed")
    case "house killed":
      return killHouseFor(world)
    case "requests lost":
    case "requests twice":
    case "frames lost":
    case "frames twice":
    case "slow network": {
      const field = fields[kind]
      network.faults[field] = rng.between(0.02, field === "slow" ? 0.5 : 0.3)
      later(rng.between(2_000, 40_000), () => {
        network.faults[field] = calm[field]
        if (field === "loseFrame") network.breakLinks()
      })
      return
    }
    case "sockets break":
      return network.breakLinks(name)
    case "partition": {
      const how = rng.pick(["up", "down", "both"] as const)
      if (how !== "down") network.cutUp.add(name)
      if (how !== "up") network.cutDown.add(name)
      later(rng.between(1_000, 60_000), () => {
        network.cutUp.delete(name)
        network.cutDown.delete(name)
      })
      return
    }
    case "slow disk":
      device.disk.faults.slowUntil = time.now() + rng.between(1_000, 20_000)
      return
    case "full disk":
      device.disk.faults.fullUntil = time.now() + rng.between(500, 20_000)
      return
    case "slow house disk":
      world.houseDisk.slowUntil = time.now() + rng.between(1_000, 20_000)
      return
    case "full house disk":
      world.houseDisk.fullUntil = time.now() + rng.between(500, 20_000)
      return
    case "device clock":
      device.skew += rng.between(-6 * HOUR, 6 * HOUR)
      return
    case "house clock":
      return world.moveHouseClock(rng.between(-HOUR, HOUR))
  }
}

const nature = { name: "nature", alive: true }
const fields = {
  "requests lost": "lose",
  "requests twice": "twice",
  "frames lost": "loseFrame",
  "frames twice": "repeatFrame",
  "slow network": "slow",
} as const

/**
 * Whoever has just taken a step may die of it, so that death comes where most is going on: after a batch has come to a disk and
 * before anybody knows, after a frame has left, between two writes. `rate`: of each step.
 */
export function dieOf(world: World, weather: readonly Fault[], { process }: Event, rate: number): void {
  if (!world.rng.chance(rate)) return
  const device = world.devices.find((one) => one.process === process)
  const power = weather.includes("power cut") && world.rng.chance(0.5)
  if (device && (power || weather.includes("device killed")))
    killFor(world, device, power ? "power cut" : "killed")
  else if (process === world.houseProcess && weather.includes("house killed")) killHouseFor(world)
}

function killHouseFor(world: World): void {
  const { rng, time, due } = world
  if (!world.houseIsOpen) return
  world.killHouse()
  time.after(rng.between(100, 15_000), nature, "the house is opened", () => {
    due.push(async () => {
      if (!world.houseIsOpen) await world.startHouse()
    })
  })
}

function killFor(world: World, device: Device, how: "killed" | "power cut"): void {
  if (!device.process.alive || device.restarting) return
  world.kill(device, how)
  device.restarting = true
  world.time.after(world.rng.between(10, 20_000), nature, `${device.seat.name} is switched on`, () => {
    world.due.push(async () => {
      if (device.restarting) await world.start(device)
    })
  })
}

/** All of it is over; who is down comes up. */
export async function clearUp(world: World): Promise<void> {
  const { network, devices, houseDisk } = world
  // A line that has lost something is no line.
  if (network.faults.loseFrame > 0) network.breakLinks()
  Object.assign(network.faults, calm)
  network.cutUp.clear()
  network.cutDown.clear()
  Object.assign(houseDisk, { fullUntil: 0, slowUntil: 0 })
  if (!world.houseIsOpen) await world.startHouse()
  for (const device of devices) {
    Object.assign(device.disk.faults, { fullUntil: 0, slowUntil: 0 })
    if (!device.process.alive && !device.hostile) await world.start(device)
  }
  world.due.length = 0
}
