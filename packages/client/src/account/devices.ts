/**
 * The account's own devices (SECURITY R2). A revoked one is out of the house at once; out of its rooms it is taken by whichever of
 * the account's devices is connected. Nothing is remembered of that work: what remains to be done is what the rooms show, so a
 * crash at any step costs nothing.
 */
import type { ResponseOf } from "@teahouse/protocol/http/route.ts"
import type { Routes } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "../changes.ts"
import type { AnswerParts } from "../contact/answer.ts"
import { DEVICE_NAME_MAX } from "../content/notebook.ts"
import { createLock } from "../lock.ts"
import type { Notebook } from "../notebook.ts"
import { deviceName, devicePage } from "../pages.ts"
import type { Problem } from "../problem.ts"
import { isIn } from "../room/removals.ts"
import type { OwnDevice } from "../view/port/account.ts"
import type { ViewValue } from "../view/port.ts"

export type DeviceParts = {
  /** Made later than this. */
  readonly answering: () => AnswerParts
  readonly notebook: Notebook
  readonly changes: Changes
  readonly uik: Uint8Array
}

/** How long a list of devices is good for. */
const LIST_MS = 5_000
type ListedDevices = Result<ResponseOf<Routes["ownDevices"]>, Problem>
export type Devices = ReturnType<typeof createDevices>

export function createDevices({ answering, notebook, changes, uik }: DeviceParts) {
  const once = createLock()
  let revoked: readonly Id[] = []

  /** Rooms change often while somebody looks at the list: it is asked for again when the house has news, and after a while. */
  let listed: { readonly answer: Promise<ListedDevices>; readonly until: number } | undefined
  const stop = changes.on([topics.devices, topics.connection], () => {
    listed = undefined
  })
  const list = () => {
    const { call, clock } = answering()
    if (!listed || clock() > listed.until)
      listed = { answer: call("ownDevices", {}), until: clock() + LIST_MS }
    return listed.answer
  }
  const nameOf = async (device: Id) => (await notebook.get(deviceName(device), devicePage))?.name ?? ""
  const busy = (device: Id) =>
    answering()
      .rooms.all()
      .filter((actor) => isIn(actor.state(), device)).length

  return {
    stop,
    /** What the account revoked and its rooms still show goes. Again and again, and harmless. */
    tend: (): Promise<void> =>
      once(async () => {
        listed = undefined
        const now = await list()
        if (!now.ok || now.value.revoked.length === 0) return
        const { takeOut } = await import("./take-out.ts")
        revoked = await takeOut(answering(), uik, now.value.revoked)
        changes.emit(topics.devices)
      }),

    async name(device: Id, given: string): Promise<Result<null, Problem>> {
      const name = given.trim()
      if (name.length > DEVICE_NAME_MAX) return err({ kind: "name_too_long" })
      const at = answering().clock()
      await notebook.change(deviceName(device), devicePage, () => ({ v: 1, name, at }))
      changes.emit(topics.devices)
      return ok(null)
    },

    async shown(): Promise<ViewValue<"devices">> {
      const { device: own } = answering().me
      const now = await list()
      const known = now.ok ? now.value.devices : [{ device: own, added: 0, seen: null }]
      const devices: OwnDevice[] = []
      for (const { device, added, seen } of known) {
        const name = await nameOf(device)
        const lastSeen = device === own ? null : seen
        devices.push({ device, current: device === own, name, addedAt: added, lastSeen, state: "live" })
      }
      const gone = (now.ok ? now.value.revoked : []).map((one) => one.device)
      const leaving = gone.filter((device) => revoked.includes(device) && busy(device) > 0)
      for (const device of leaving)
        devices.push({
          ...{ device, current: false, name: await nameOf(device), addedAt: 0, lastSeen: 0 },
          state: "revoking",
        })
      const rank = ({ current, lastSeen }: OwnDevice) =>
        current ? Number.POSITIVE_INFINITY : (lastSeen ?? Number.MAX_SAFE_INTEGER)
      devices.sort((a, b) => rank(b) - rank(a))
      if (leaving.length === 0) return { devices }
      const left = Math.max(...leaving.map(busy))
      return { devices, revoking: { left, total: Math.max(left, answering().rooms.all().length) } }
    },
  }
}
