/** A client of the socket without a core behind it: it greets rightly and then says whatever it is told to. */
import { register } from "@teahouse/client/account/register.ts"
import type { Crypto } from "@teahouse/client/crypto/port.ts"
import { type Call, createHttp } from "@teahouse/client/http.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { WebSocket } from "ws"

export type Account = {
  readonly call: Call
  readonly session: Id
  readonly privateKey: Uint8Array
}

export async function openAccount(origin: string, crypto: Crypto, username: string): Promise<Account> {
  let token: Uint8Array | undefined
  const call = createHttp({ origin, fetch, token: () => token })
  const house = await call("house", {})
  if (!house.ok) throw new Error(`no house: ${house.error.kind}`)
  const made = await register(call, crypto, house.value, { username, password: "nine small green leaves" })
  if (!made.ok || !made.value.account.session) throw new Error(`no account: ${JSON.stringify(made)}`)
  const { session, device } = made.value.account
  token = session.token
  return { call, session: session.id, privateKey: device.signature.privateKey }
}

export type Peer = {
  readonly frames: Down[]
  readonly closed: Promise<number>
  isOpen(): boolean
  send(bytes: Uint8Array | string): void
  /** The next frame of this kind; undefined where the socket closes first. */
  next(t: Down["t"]): Promise<Down | undefined>
  close(): void
}

/** A raw connection: nothing has been said on it. */
export function dial(origin: string): Peer {
  const socket = new WebSocket(origin.replace("http", "ws") + SOCKET_PATH, { headers: { origin } })
  socket.binaryType = "nodebuffer"
  const frames: Down[] = []
  let wake = () => {}
  const closed = new Promise<number>((done) => {
    socket.on("close", (code) => {
      done(code)
      wake()
    })
  })
  socket.on("error", () => {})
  socket.on("message", (data: Buffer) => {
    const frame = decodeDown(new Uint8Array(data))
    if (!frame.ok) throw new Error("the house sent a frame that is none")
    frames.push(frame.value)
    wake()
  })
  return {
    frames,
    closed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (bytes) => socket.send(bytes),
    async next(t) {
      for (;;) {
        const at = frames.findIndex((frame) => frame.t === t)
        if (at >= 0) return frames.splice(at, 1)[0]
        if (socket.readyState === WebSocket.CLOSED) return undefined
        await new Promise<void>((done) => {
          wake = done
        })
      }
    },
    close: () => socket.terminate(),
  }
}

/** Connected, greeted and ready; throws where the house does not let it in. */
export async function greet(origin: string, account: Account, crypto: Crypto): Promise<Peer> {
  const peer = dial(origin)
  const challenge = await peer.next("challenge")
  if (challenge?.t !== "challenge") throw new Error("no challenge")
  const bytes = greetingBytes(challenge.house, challenge.nonce, account.session)
  const signature = await crypto.device.sign(account.privateKey, bytes)
  peer.send(encodeUp({ t: "hello", ...protocolVersion, session: account.session, signature }))
  if ((await peer.next("ready")) === undefined) throw new Error("not let in")
  return peer
}
