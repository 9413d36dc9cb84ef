/** A socket of whoever has a session, up to the house's answer to the greeting. */
import { suite } from "@teahouse/judge/suite.ts"
import type { Down } from "@teahouse/protocol/down.ts"
import { greetingBytes } from "@teahouse/protocol/greeting.ts"
import { SOCKET_PATH } from "@teahouse/protocol/http.ts"
import { type Id, newId } from "@teahouse/protocol/ids.ts"
import { protocolVersion } from "@teahouse/protocol/version.ts"
import { random, type TestPerson } from "../http/house.fixture.ts"
import { dial, type Line } from "../socket/socket.fixture.ts"

/** `ready`, or the kind of the refusal with which the house closed. Without a session, one is made up. */
export async function greeted(
  { url }: { readonly url: string },
  house: Id,
  who: TestPerson | undefined,
): Promise<{ readonly line: Line; readonly answer: string }> {
  const line = dial(url.replace("http", "ws") + SOCKET_PATH, url)
  const { nonce } = await line.next("challenge")
  const session = who?.session.id ?? newId(random)
  const bytes = greetingBytes(house, nonce, session)
  const signature = who ? await (await suite()).signature.sign(who.device.signKey, bytes) : random(64)
  line.say({ t: "hello", ...protocolVersion, session, signature })
  return { line, answer: await firstOf(line, "ready", "failed") }
}

/** The first frame of one of these kinds; said as the refusal in it, or else as its kind. */
export async function firstOf(line: Line, ...kinds: readonly Down["t"][]): Promise<string> {
  for (;;) {
    const at = line.frames.findIndex((frame) => kinds.includes(frame.t))
    const [found] = at < 0 ? [] : line.frames.splice(at, 1)
    if (found) return "error" in found ? found.error.kind : found.t
    if (line.socket.readyState !== line.socket.OPEN) throw new Error(`closed before ${kinds}`)
    await new Promise((next) => line.socket.once("message", next).once("close", next))
  }
}
