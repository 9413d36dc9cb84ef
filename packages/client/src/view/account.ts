/** Who is signed in, their settings, their devices. */
import { topics } from "../changes.ts"
import { freshSettings } from "../pages.ts"
import type { MakeView } from "./context.ts"

export const sessionView: MakeView<"session"> = ({ session }) => ({
  topics: [topics.session],
  compute: async () => session(),
})

export const settingsView: MakeView<"settings"> = ({ home }) => ({
  topics: [topics.settings, topics.session],
  async compute() {
    const { language, theme, enterSends, nickname } = home()?.settings.value() ?? freshSettings
    return { language, theme, enterSends, nickname }
  },
})

export const devicesView: MakeView<"devices"> = ({ home }) => ({
  topics: [topics.devices, topics.connection, topics.session],
  async compute() {
    const here = home()
    if (!here) return { devices: [] }
    const own = here.account.device.device
    const listed = await here.listDevices()
    const others = listed.ok
      ? listed.value.devices.map(({ device }) => device).filter((id) => id !== own)
      : []
    return {
      devices: [{ device: own, current: true }, ...others.map((device) => ({ device, current: false }))],
    }
  },
})
