/** A device that was given no name gets its browser's and system's, once, so that a list of devices says something. */
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { useEffect } from "react"
import { useHouse } from "./use-view.ts"

const browsers = [
  [/Edg(?:A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
] as const
const systems = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X/, "macOS"],
  [/Linux/, "Linux"],
] as const

/** "Chrome · Windows"; empty where neither is known. */
export function nameFrom(userAgent: string): string {
  const find = (all: readonly (readonly [RegExp, string])[]) =>
    all.find(([sign]) => sign.test(userAgent))?.[1]
  return [find(browsers), find(systems)].filter(Boolean).join(" · ")
}

/** With the day on which it came, and a number where another one of that day is called so already. */
export function freeName(userAgent: string, addedAt: number, taken: readonly string[]): string {
  const kind = nameFrom(userAgent)
  if (kind === "") return ""
  // The day of this place, in digits that every language reads.
  const name = `${kind} · ${new Date(addedAt).toLocaleDateString("sv")}`
  for (let n = 1; ; n++) {
    const one = n === 1 ? name : `${name} (${n})`
    if (!taken.includes(one)) return one
  }
}

/** Looks once. */
export function nameOnce(port: ClientPort, userAgent: string): () => void {
  let stop = () => {}
  let done = false
  stop = port.subscribe("devices", undefined, ({ devices }) => {
    const own = devices.find((one) => one.current)
    if (!own || own.addedAt === 0 || done) return
    done = true
    const taken = devices.map((one) => one.name)
    const name = own.name === "" ? freeName(userAgent, own.addedAt, taken) : ""
    if (name !== "") void port.command("nameDevice", { device: own.device, name })
    queueMicrotask(() => stop())
  })
  return () => stop()
}

export function useNamedDevice() {
  const { port } = useHouse()
  useEffect(() => nameOnce(port, navigator.userAgent), [port])
}
