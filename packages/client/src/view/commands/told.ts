/** Being woken while this device is closed: only the house and the browser's push service take part. */
import type { ToldCommands } from "../port/told.ts"
import { done, type Handlers } from "./handler.ts"

export const toldCommands: Handlers<keyof ToldCommands> = {
  pushKey: (home) => home.call("pushKey", {}),
  async setPush(home, { endpoint }) {
    const answer =
      endpoint === null
        ? await home.call("unsubscribePush", { request: {} })
        : await home.call("subscribePush", { request: { endpoint } })
    return answer.ok ? done : answer
  },
}
