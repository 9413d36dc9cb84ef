/**
 * The same rooms and the same load on ejabberd and Prosody. A pair talks in a private chat, where only the other gets what is said; any
 * other room is a room of theirs (XEP-0045), where all get it, the sender too.
 */
import { createMeter } from "../fanout/load.ts"
import type { Shape } from "../fanout/rooms.ts"
import { enterXmpp, keyOf, type XmppClient } from "./client.ts"
import { missingPackages, type XmppName, xmppNames } from "./installed.ts"
import { startXmpp } from "./servers.ts"

/** `senders`: of one room, how many may talk at a time (each of the first so many). */
export async function openXmpp(name: XmppName, { rooms, members, body }: Shape, senders = 1) {
  const server = await startXmpp(name)
  const isPair = members === 2
  const clients: XmppClient[] = []
  const talking: { readonly client: XmppClient; readonly to: string; n: number }[] = []
  const meter = createMeter({
    members: isPair ? 1 : members,
    read: () => undefined,
    send(sender) {
      const one = talking[sender] as (typeof talking)[number]
      const key = keyOf(sender, ++one.n)
      one.client.say(one.to, key, !isPair)
      return key
    },
  })
  for (let room = 0; room < rooms; room++)
    for (let i = 0; i < members; i++) {
      const client = await enterXmpp(server.port, `p${room}-${i}`, body)
      clients.push(client)
      if (!isPair) await client.join(`room${room}`)
      if (i < senders) talking.push({ client, to: isPair ? `p${room}-1` : `room${room}`, n: 0 })
    }
  // Only now: while a room fills, each who comes is told of to all who are there, and nothing of that is measured.
  for (const client of clients) client.hear(meter.got)
  return {
    server,
    meter,
    async close() {
      for (const client of clients) client.close()
      await server.stop()
    },
  }
}

export type Absent = { readonly server: XmppName; readonly missing: string }

/** Those that are installed, opened; of the others, what is missing, which is said and not passed over. */
export async function openXmppPeers(shape: Shape, senders = 1) {
  const peers: Partial<Record<XmppName, Awaited<ReturnType<typeof openXmpp>>>> = {}
  const absent: Absent[] = []
  for (const name of xmppNames) {
    const missing = missingPackages(name).join(" ")
    if (missing === "") peers[name] = await openXmpp(name, shape, senders)
    else {
      absent.push({ server: name, missing })
      process.stderr.write(`${name} is not measured: apt-get install --no-install-recommends ${missing}\n`)
    }
  }
  return { peers, absent }
}
