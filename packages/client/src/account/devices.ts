/** The account's own devices (SECURITY R2): which there are, and what the person calls them. */
import type { ResponseOf } from "@teahouse/protocol/http/route.ts"
import type { Routes } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Changes, topics } from "../changes.ts"
import type { AnswerParts } from "../contact/answer.ts"
import { DEVICE_NAME_MAX } from "../content/notebook.ts"
import type { Notebook } from "../notebook.ts"
import { deviceName, devicePage } from "../pages.ts"
import type { Problem } from "../problem.ts"
import type { OwnDevice } from "../view/port/account.ts"
import type { ViewValue } from "../view/port.ts"

export type DeviceParts = {
  /** Made later than this. */
  readonly answering: () => AnswerParts
  readonly notebook: Notebook
  readonly changes: Changes
}

/** How long a list of devices is good for. */
const LIST_MS = 5_000
type ListedDevices = Result<ResponseOf<Routes["ownDevices"]>, Problem>
export type Devices = ReturnType<typeof createDevices>

export function createDevices({ answering, notebook, changes }: DeviceParts) {
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

  return {
    stop,

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
        devices.push({ device, current: device === own, name, addedAt: added, lastSeen })
      }
      const rank = ({ current, lastSeen }: OwnDevice) =>
        current ? Number.POSITIVE_INFINITY : (lastSeen ?? Number.MAX_SAFE_INTEGER)
      devices.sort((a, b) => rank(b) - rank(a))
      return { devices }
    },
  }
}
