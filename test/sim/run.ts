/**
 * One seed, one run: a world at rest is woken, people write while things go wrong, then nothing goes wrong any more and all has
 * to come right. After every step the promises are looked at (watch.ts), and at the end once more as a whole (end.ts).
 */
import { lookAtAll, unrest } from "./world/end.ts"
import { makeImage, modelKind, type Place, places, realKind } from "./world/images.ts"
import { createPeople, type Promised } from "./world/people.ts"
import { createRng } from "./world/random.ts"
import { createRogue } from "./world/rogue.ts"
import type { Event } from "./world/time.ts"
import { clearUp, dieOf, drawWeather, type Fault, strike } from "./world/weather.ts"
import { type Image, openWorld, type World } from "./world/world.ts"

export type Outcome = {
  readonly seed: number
  readonly place: Place
  /** What could go wrong. */
  readonly weather: readonly (Fault | "rogue")[]
  readonly steps: number
  readonly entries: number
  /** Of all steps: the same for the same seed. */
  readonly digest: string
  readonly violation?: string
}
export type RunOptions = {
  /** Groups are MLS's. */
  readonly real?: boolean
  readonly note?: (at: number, line: string) => void
}

const images = new Map<string, Promise<Image>>()
function imageOf(place: Place, real: boolean): Promise<Image> {
  const name = `${place} ${real}`
  const known = images.get(name) ?? makeImage(place, real)
  images.set(name, known)
  return known
}

/** How long all may take to come right, once nothing goes wrong any more. */
const HEAL_MS = 20 * 60_000
const LOOK_MS = 5_000
const nobody = { name: "the world", alive: true }

export async function run(seed: number, { real = false, note }: RunOptions = {}): Promise<Outcome> {
  const rng = createRng(seed)
  const place = rng.pick(places)
  const image = await imageOf(place, real).catch((error: Error) => error)
  if (image instanceof Error) {
    const violation = `already on a quiet network: ${image.message}`
    return { seed, place, weather: [], steps: 0, entries: 0, digest: "", violation }
  }
  // Its garbage is the model's.
  const hostile = place === "group" && !real && rng.chance(0.3) ? image.seats.at(-1)?.seat : undefined
  const kind = real ? realKind(rng) : modelKind(rng)
  const world = await openWorld(image, kind, rng, { ...(note ? { note } : {}), hostile })
  const weather = drawWeather(rng)
  if (hostile) note?.(0, `${hostile.name} means harm`)
  note?.(0, `seed ${seed}: ${place}; ${weather.join(", ") || "calm"}`)
  let violation: string | undefined
  try {
    await live(world, weather)
  } catch (error) {
    violation = (error as Error).stack ?? String(error)
  }
  violation = world.violations[0]?.message ?? violation
  if (violation) note?.(world.time.now() - image.at, `VIOLATION: ${violation}`)
  const entries = [...world.watch.logs.values()].reduce((sum, log) => sum + log.length, 0)
  world.close()
  const { steps, digest } = world.time
  const all = hostile ? [...weather, "rogue" as const] : weather
  return { seed, place, weather: all, steps, entries, digest, ...(violation ? { violation } : {}) }
}

async function live(world: World, weather: readonly Fault[]): Promise<void> {
  const { rng, time } = world
  const promised: Promised[] = []
  const people = createPeople(world, promised)
  const start = time.now()
  await world.startHouse()
  const rogues = world.devices.filter(({ hostile }) => hostile).map((device) => createRogue(world, device))
  for (const device of world.devices) if (!device.hostile) await world.start(device)

  const end = start + rng.between(3_000, 25_000)
  const haste = rng.between(200, 2_500)
  const trouble = rng.between(500, 6_000)
  const deadly = rng.between(0, 0.008)
  let [nextAct, nextFault] = [start + rng.between(0, 3_000), start + rng.between(0, trouble)]
  while (time.now() < end) {
    await until(world, Math.min(nextAct, nextFault, end), (event) => dieOf(world, weather, event, deadly))
    if (time.now() >= nextAct) {
      await people.something()
      for (const rogue of rogues) await rogue.something()
      nextAct = time.now() + rng.between(0, 2 * haste)
    }
    if (time.now() >= nextFault) {
      if (weather.length > 0) await strike(world, rng.pick(weather))
      nextFault = time.now() + rng.between(0, 2 * trouble)
    }
  }

  world.note(() => "** all is well from here on")
  for (const rogue of rogues) rogue.stop()
  await clearUp(world)
  const patience = time.now() + HEAL_MS
  for (let calm = 0; calm < 2; ) {
    await until(world, time.now() + LOOK_MS)
    const left = unrest(world)
    calm = left ? 0 : calm + 1
    if (left && time.now() > patience) throw new Error(`it does not come right: ${left}`)
  }
  lookAtAll(world, promised)
}

async function until(world: World, at: number, after: (event: Event) => void = () => {}): Promise<void> {
  const { time, due, violations } = world
  time.after(at - time.now(), nobody, "time passes", () => {})
  while (time.now() < at) {
    const event = await time.step(at)
    if (violations[0]) throw violations[0]
    if (event) after(event)
    for (const one of due.splice(0)) await one()
  }
}
