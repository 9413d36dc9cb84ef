import "../styles.css"
import type { Channel } from "@teahouse/client/view/channel.ts"
import { remoteClient } from "@teahouse/client/view/remote.ts"
import { start } from "../app.tsx"
import { slotOf } from "../route/route.ts"
import { scriptUrl } from "../trusted-types.ts"
import { fakePort } from "./fake-port.ts"
import workerUrl from "./fake-worker.ts?worker&url"

const kind = new URLSearchParams(location.search).get("fake") ?? sessionStorage.getItem("fake") ?? ""
sessionStorage.setItem("fake", kind)
const port =
  kind === "long"
    ? remoteClient(new Worker(scriptUrl(workerUrl), { name: kind, type: "module" }) as Channel)
    : fakePort(kind)
start(port, slotOf(location.pathname) ?? 1)
