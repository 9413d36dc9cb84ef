/**
 * As much of XMPP as the load needs, over plain TCP on loopback: in-band registration (XEP-0077), SASL PLAIN, binding (RFC 6120),
 * rooms (XEP-0045) and messages. What is answered is looked for by its mark in the text; nothing is parsed as XML, because on one core
 * the load must not cost more than the server that is measured.
 *
 * Each message's body begins with a mark that stands nowhere else in the stream, and its key of 16 characters: no two members get the same
 * bytes, so a delivery is counted by its key.
 */
import { once } from "node:events"
import { connect, type Socket } from "node:net"

const HOST = "localhost"
const ROOMS = `conference.${HOST}`
const OPEN = `<?xml version='1.0'?><stream:stream to='${HOST}' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`
const ANSWER_MS = 60_000

const MARK = "`"
const MARK_BYTE = MARK.charCodeAt(0)
const KEY = 16
export const keyOf = (sender: number, n: number): string =>
  String(sender).padStart(6, "0") + String(n).padStart(KEY - 6, "0")

export type XmppClient = {
  readonly join: (room: string) => Promise<void>
  readonly say: (to: string, key: string, isRoom: boolean) => void
  /** From here on each delivery's key goes there. */
  readonly hear: (got: (key: string) => void) => void
  readonly close: () => void
}

/** Registers `name`, signs in and is available. `body`: bytes of a message's text, mark and key included. */
export async function enterXmpp(port: number, name: string, body: number): Promise<XmppClient> {
  const registering = await dial(port)
  const account = `<username>${name}</username><password>pw</password>`
  registering.write(OPEN)
  await answer(registering, "</stream:features>")
  registering.write(`<iq type='set' id='reg'><query xmlns='jabber:iq:register'>${account}</query></iq>`)
  await answer(registering, "id='reg'", 'id="reg"')
  registering.destroy()

  const socket = await dial(port)
  const ask = (text: string, ...marks: string[]) => {
    const said = answer(socket, ...marks)
    socket.write(text)
    return said
  }
  await ask(OPEN, "</stream:features>")
  const plain = Buffer.from(`\0${name}\0pw`).toString("base64")
  await ask(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${plain}</auth>`, "<success")
  await ask(OPEN, "</stream:features>")
  const bind = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind>"
  await ask(`<iq type='set' id='bind'>${bind}</iq>`, "id='bind'", 'id="bind"')
  await ask("<presence/>", "<presence")

  const padding = "x".repeat(body - KEY - 1)
  return {
    async join(room) {
      const quiet = "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x>"
      await ask(`<presence to='${room}@${ROOMS}/${name}'>${quiet}</presence>`, "code='110'", 'code="110"')
    },
    say(to, key, isRoom) {
      const kind = isRoom ? `type='groupchat' to='${to}@${ROOMS}'` : `type='chat' to='${to}@${HOST}'`
      socket.write(`<message ${kind} id='m'><body>${MARK}${key}${padding}</body></message>`)
    },
    hear(got) {
      const feed = keysIn(got)
      socket.on("data", feed)
    },
    close: () => socket.destroy(),
  }
}

/** Finds the keys in a stream that comes in parts, cut anywhere. */
export function keysIn(got: (key: string) => void): (part: Buffer) => void {
  let rest: Buffer | undefined
  return (part) => {
    const bytes = rest ? Buffer.concat([rest, part]) : part
    rest = undefined
    for (let at = bytes.indexOf(MARK_BYTE); at >= 0; at = bytes.indexOf(MARK_BYTE, at + KEY + 1)) {
      if (at + KEY + 1 > bytes.length) {
        rest = Buffer.from(bytes.subarray(at))
        return
      }
      got(bytes.toString("latin1", at + 1, at + 1 + KEY))
    }
  }
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true })
  await once(socket, "connect")
  return socket
}

/** What has come once one of the marks is in it. */
function answer(socket: Socket, ...marks: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ""
    const end = (outcome: () => void) => {
      clearTimeout(late)
      socket.off("data", hear).off("error", reject)
      outcome()
    }
    const fail = () =>
      end(() =>
        reject(new Error(`an XMPP server did not say ${marks.join(" or ")}, but: ${text.slice(-400)}`)),
      )
    const late = setTimeout(fail, ANSWER_MS)
    const hear = (part: Buffer) => {
      text += part.toString("latin1")
      if (/<failure|type=.error/.test(text)) return fail()
      if (marks.some((mark) => text.includes(mark))) end(() => resolve(text))
    }
    socket.on("data", hear).once("error", reject)
  })
}
