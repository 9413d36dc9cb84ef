/** Who is signed in, their settings, their devices. */
import type { Id } from "@teahouse/protocol/ids.ts"
import { topics } from "../changes.ts"
import { freshSettings } from "../pages.ts"
import { commandError } from "../problem.ts"
import { settingsOf } from "../settings.ts"
import type { MakeView } from "./context.ts"

export const sessionView: MakeView<"session"> = ({ session }) => ({
  topics: [topics.session],
  compute: async () => session(),
})

export const settingsView: MakeView<"settings"> = ({ home }) => ({
  topics: [topics.settings, topics.session],
  compute: async () => home()?.settings.value() ?? settingsOf(freshSettings, "" as Id),
})

export const safekeepingView: MakeView<"safekeeping"> = ({ home }) => ({
  topics: [topics.safekeeping, topics.session],
  async compute() {
    const here = home()
    if (!here) return { unsafe: 0, used: 0, quota: 0 }
    const { problem, ...status } = here.safekeeping.status()
    return { ...status, ...(problem ? { error: commandError(problem) } : {}) }
  },
})

export const devicesView: MakeView<"devices"> = ({ home }) => ({
  topics: [topics.devices, topics.connection, topics.session, topics.rooms],
  compute: async () => (await home()?.devices.shown()) ?? { devices: [] },
})
