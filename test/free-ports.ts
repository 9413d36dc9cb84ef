/** Ports of this machine that nobody has, no two of them the same. Whoever is given one and finds it taken since says so. */
import { once } from "node:events"
import { createServer } from "node:net"

export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"))
  await Promise.all(servers.map((server) => once(server, "listening")))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => once(server.close(), "close")))
  return ports
}
