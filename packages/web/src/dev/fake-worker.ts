/** The made-up house behind a channel, as the real client is: the page has only its own work on its thread. */
import type { Channel } from "@teahouse/client/view/channel.ts"
import type { ClientPort } from "@teahouse/client/view/port.ts"
import { serve } from "@teahouse/client/view/serve.ts"
import { fakePort } from "./fake-port.ts"

const port = fakePort(self.name)

/** Like the real one: what is equal to the snapshot before is not told again. */
const subscribe: ClientPort["subscribe"] = (view, args, listener) => {
  let last: string | undefined
  return port.subscribe(view, args, (value) => {
    const text = JSON.stringify(value)
    if (text !== last) listener(value)
    last = text
  })
}

serve({ ...port, subscribe }, self as unknown as Channel)
