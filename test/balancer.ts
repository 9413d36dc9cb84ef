/**
 * What stands in front of several nodes, for tests: takes TCP connections and gives each to the next node that answers
 * `/livez`. It looks at nodes twice a second, as such programs do; a connection that stands stays where it is until one end closes it.
 */
import { connect, createServer, type Socket } from "node:net"

const LOOK_MS = 500
const PATIENCE_MS = 1_000

export type Balancer = Awaited<ReturnType<typeof openBalancer>>

export async function openBalancer(ports: readonly number[]) {
  const nodes = ports.map((port) => ({ port, well: true, sockets: new Set<Socket>() }))
  let turn = 0

  const look = async () => {
    await Promise.all(
      nodes.map(async (node) => {
        node.well = await fetch(`http://127.0.0.1:${node.port}/livez`, {
          signal: AbortSignal.timeout(PATIENCE_MS),
        }).then(
          (answer) => answer.ok,
          () => false,
        )
      }),
    )
  }
  const timer = setInterval(() => void look(), LOOK_MS)

  function give(client: Socket, tries: number) {
    const well = nodes.filter((node) => node.well)
    const node = well[turn++ % Math.max(1, well.length)]
    if (!node || tries === 0) {
      client.destroy()
      return
    }
    const there = connect(node.port, "127.0.0.1")
    let open = false
    there.once("connect", () => {
      open = true
      node.sockets.add(client)
      there.pipe(client)
      client.pipe(there)
      client.resume()
    })
    there.on("error", () => {})
    there.once("close", () => {
      node.sockets.delete(client)
      if (open) client.destroy()
      else {
        node.well = false
        give(client, tries - 1)
      }
    })
    client.once("close", () => there.destroy())
  }

  const server = createServer({ pauseOnConnect: true }, (client) => {
    client.on("error", () => {})
    give(client, nodes.length)
  })
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    /** How many connections each node has now. */
    spread: (): number[] => nodes.map((node) => node.sockets.size),
    stop() {
      clearInterval(timer)
      server.close()
      for (const node of nodes) for (const socket of node.sockets) socket.destroy()
    },
  }
}
