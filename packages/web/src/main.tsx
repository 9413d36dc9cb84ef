import "./jitless.ts"
import "./styles.css"
import { createRoot } from "react-dom/client"
import { start } from "./app.tsx"
import { Insecure, NoWorker } from "./layout/insecure.tsx"
import { slotOf } from "./route/route.ts"
import { freeSlot, lastSlot, readSlots } from "./route/slots.ts"
import { takeLink } from "./screens/join/kept-link.ts"
import { takeInvite } from "./screens/sign-in/invite.ts"
import { registerServiceWorker } from "./sw-register.ts"
import { connectWorker, workersMissing } from "./worker/connect.ts"

async function open(): Promise<void> {
  const root = document.getElementById("root")
  if (!root) throw new Error("index.html has no #root")
  const instead =
    !isSecureContext || !globalThis.crypto?.subtle ? (
      <Insecure at={location} />
    ) : workersMissing() ? (
      <NoWorker />
    ) : undefined
  if (instead) {
    createRoot(root).render(instead)
    return
  }
  const invited = takeInvite()
  const joins = takeLink()
  let slot = slotOf(location.pathname)
  if (slot === undefined) {
    // An invitation is for somebody new here, whoever else uses this browser.
    slot = invited ? freeSlot(readSlots(localStorage)) : lastSlot(localStorage)
    history.replaceState(null, "", `/${slot}/${invited ? "create" : joins ? "join" : ""}`)
  } else if (invited) history.replaceState(null, "", `/${slot}/create`)
  start(await connectWorker(slot), slot)
  void registerServiceWorker()
}

void open()
