/** How this node is doing at this moment, for the charts of the page of administration. Each is a figure or null: not known here. */
import { statfs } from "node:fs/promises"
import type { AdminLive } from "@teahouse/protocol/http/admin.ts"
import type { Id } from "@teahouse/protocol/ids.ts"

export type Figures = Pick<AdminLive, "connections" | "messages" | "deliveries" | "p99">

export type LiveParts = {
  /** This node, for as long as it runs: counters begin anew with it. */
  readonly node: Id
  readonly now: () => number
  /** The folder whose disk is meant. */
  readonly folder: string
  readonly figures: () => Figures
}

export function createLive({ node, now, folder, figures }: LiveParts) {
  return async (): Promise<AdminLive> => ({
    node,
    time: now(),
    ...figures(),
    memory: process.memoryUsage.rss(),
    disk: await diskOf(folder),
  })
}
export type Live = ReturnType<typeof createLive>

async function diskOf(folder: string): Promise<AdminLive["disk"]> {
  try {
    const { bsize, blocks, bavail } = await statfs(folder)
    return { free: bavail * bsize, size: blocks * bsize }
  } catch {
    // A system that does not say it, or a folder on something that is no disk.
    return null
  }
}
