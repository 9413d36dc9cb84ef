/**
 * The cable between clients and the house: a TCP proxy that can be cut. A browser's own emulation of being offline does not reach every worker and leaves open
 * sockets alone; a cut here is what a pulled cable or a dead server is to both sides. It can keep what clients said.
 */
import { createConnection, createServer, type Socket } from "node:net"

export type Cable = {
  /** Where clients connect; the same for the whole life of the cable. */
  readonly url: string
  readonly port: number
  /** Ends every connection now and every new one at once, until `restore`. */
  cut(): void
  /** Takes connections and answers nothing, as a network does that loses every packet. */
  stall(): void
  restore(): void
  /** Where new connections lead from now on: the house may have moved. */
  lead(port: number): void
  /** What clients sent, one item for each connection, in the order of connecting. Only with `record`. */
  readonly recorded: readonly (readonly Uint8Array[])[]
  /** Connections opened so far. */
  count(): number
  close(): Promise<void>
}

export async function openCable(target: number, options: { readonly record?: boolean } = {}): Promise<Cable> {
  let state: "open" | "cut" | "stalled" = "open"
  let to = target
  let count = 0
  const sockets = new Set<Socket>()
  const recorded: Uint8Array[][] = []
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // A reset is what a cut looks like; closing follows by itself.
    socket.on("error", () => {}).on("close", () => sockets.delete(socket))
  }
  const server = createServer({ noDelay: true }, (client) => {
    keep(client)
    count++
    if (state === "cut") return void client.resetAndDestroy()
    if (state === "stalled") return
    const house = createConnection({ port: to, host: "127.0.0.1", noDelay: true })
    keep(house)
    if (options.record) {
      const said: Uint8Array[] = []
      recorded.push(said)
      client.on("data", (bytes: Buffer) => said.push(new Uint8Array(bytes)))
    }
    client.pipe(house).pipe(client)
    client.on("close", () => house.destroy())
    house.on("close", () => client.destroy())
  })
  await new Promise<void>((done, fail) => {
    server.once("error", fail).listen(0, "127.0.0.1", done)
  })
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("the cable has no port")
  const drop = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    recorded,
    count: () => count,
    cut: () => {
      state = "cut"
      drop()
    },
    stall: () => {
      state = "stalled"
      for (const socket of sockets) socket.pause().unpipe()
    },
    restore: () => {
      state = "open"
      // Connections that hang would hang for ever.
      drop()
    },
    lead: (port) => {
      to = port
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
