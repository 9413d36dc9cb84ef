/** `/metrics` on an address of its own, which nobody else should reach: the public port never has it. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

export type MetricsPort = { readonly port: number; close(): Promise<void> }

export async function listenForMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  text: () => Promise<string>,
): Promise<MetricsPort> {
  const server = createServer((request, response) => {
    const path = request.url?.split("?", 1)[0]
    if (path !== "/metrics" || request.method !== "GET")
      return void response.writeHead(path === "/metrics" ? 405 : 404, { "content-length": 0 }).end()
    text().then(
      (body) =>
        response
          .writeHead(200, {
            "content-type": "text/plain; version=0.0.4; charset=utf-8",
            "cache-control": "no-store",
          })
          .end(body),
      () => response.writeHead(500, { "content-length": 0 }).end(),
    )
  })
  server.requestTimeout = 10_000
  await new Promise<void>((done, failed) => {
    server.once("error", failed)
    server.listen({ host, port }, () => {
      server.off("error", failed)
      done()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}
