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

/** Looks once. */
export function nameOnce(port: ClientPort, name: string): () => void {
  let stop = () => {}
  let done = false
  stop = port.subscribe("devices", undefined, ({ devices }) => {
    const own = devices.find((one) => one.current)
    if (!own || own.addedAt === 0 || done) return
    done = true
    if (own.name === "" && name !== "") void port.command("nameDevice", { device: own.device, name })
    queueMicrotask(() => stop())
  })
  return () => stop()
}

export function useNamedDevice() {
  const { port } = useHouse()
  useEffect(() => nameOnce(port, nameFrom(navigator.userAgent)), [port])
}
