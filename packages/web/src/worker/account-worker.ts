/**
 * One worker per account slot, shared by its tabs: it hosts the client core, so that several tabs are one device with one writer, one
 * socket and one store. The slot is in the worker's name. Everything that the core may touch is put together here.
 */
import "../jitless.ts"
import { createClient } from "@teahouse/client/client.ts"
import { mlsCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import { systemTimers } from "@teahouse/client/platform.ts"
import { webProfileLock } from "@teahouse/client/profile-lock.ts"
import { idbStores } from "@teahouse/client/store/idb.ts"
import { idbKeyBox } from "@teahouse/client/store/key-box.ts"
import type { Channel } from "@teahouse/client/view/channel.ts"
import { doorName, serveFiles } from "@teahouse/client/view/file-door.ts"
import { openWebSocket } from "@teahouse/client/web-socket.ts"
import { hostTabs } from "./host.ts"
import { slotOfWorker } from "./name.ts"
import { webStages } from "./opfs-stage.ts"

const slot = slotOfWorker(self.name)

const client = createClient({
  origin: location.origin,
  profile: String(slot),
  stores: idbStores(String(slot)),
  keyBox: idbKeyBox(String(slot)),
  stages: webStages(String(slot)),
  lock: webProfileLock(navigator.locks),
  crypto: mlsCrypto,
  fetch: (url, init) =>
    fetch(url, { ...init, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" }),
  openSocket: openWebSocket,
  clock: () => Date.now(),
  timers: systemTimers,
  jitter: () => Math.random(),
  onBug: (error) => console.error(error),
})

hostTabs(self, slot, client)
serveFiles(new BroadcastChannel(doorName(String(slot))) as Channel, client.files)
