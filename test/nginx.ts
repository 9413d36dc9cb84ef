/**
 * A real nginx in front of nodes, with our own sample configuration (deploy/nginx): only names, ports and files are put in. Its certificate
 * is made for the test, and trusted by this process.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { freePorts } from "./free-ports.ts"
import { findProgram } from "./program.ts"

const [program, openssl] = [findProgram("nginx"), findProgram("openssl")]
export const hasNginx = program !== undefined && openssl !== undefined

const sample = resolve(import.meta.dirname, "../deploy/nginx/teahouse.conf")

const isOpen = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1")
    socket.once("connect", () => done(true)).once("error", () => done(false))
    socket.once("connect", () => socket.destroy())
  })

/** Ports first, because a house has to know its origin before it opens. */
export async function planNginx() {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-nginx-"))
  const [plain, secure] = (await freePorts(2)) as [number, number]
  const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")]
  const made = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "2",
  ]
  const named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
  execFileSync(openssl as string, [...made, ...named, "-keyout", key, "-out", certificate], {
    stdio: "ignore",
  })
  let child: ChildProcess | undefined
  return {
    origin: `https://localhost:${secure}`,
    plain: `http://localhost:${plain}`,
    port: secure,
    /** For requests that are made by hand. */
    ca: readFileSync(certificate, "utf8"),
    async start(nodes: readonly number[]) {
      setDefaultCACertificates([...getCACertificates("default"), readFileSync(certificate, "utf8")])
      const put: [from: string | RegExp, to: string][] = [
        [/listen 80;/, `listen 127.0.0.1:${plain};`],
        [/listen 443 ssl http2;/, `listen 127.0.0.1:${secure} ssl http2;`],
        [/server_name chat\.example\.org;/g, "server_name localhost;"],
        [/ssl_certificate +\S+;/, `ssl_certificate ${certificate};`],
        [/ssl_certificate_key +\S+;/, `ssl_certificate_key ${key};`],
        [/return 301 https:\/\/\$host/, `return 301 https://$host:${secure}`],
        [/proxy_set_header Host \$host;/, "proxy_set_header Host $http_host;"],
        [
          / +server 127\.0\.0\.1:8000([^;]*);/,
          nodes.map((port) => `    server 127.0.0.1:${port}$1;`).join("\n"),
        ],
      ]
      let text = readFileSync(sample, "utf8")
      for (const [from, to] of put) {
        if (!text.match(from)) throw new Error(`the sample has no ${from}`)
        text = text.replace(from, to)
      }
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
      const whole = [
        `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log warn;`,
        ...(process.getuid?.() === 0 ? ["user root;"] : []),
        "events { worker_connections 512; }",
        `http { access_log off; ${temporary.map((one) => `${one}_temp_path ${folder}/${one};`).join(" ")}`,
        text,
        "}",
      ].join("\n")
      writeFileSync(join(folder, "nginx.conf"), whole)
      const started = spawn(
        program as string,
        ["-p", folder, "-e", join(folder, "error.log"), "-c", join(folder, "nginx.conf")],
        {
          stdio: "ignore",
        },
      )
      child = started
      for (let patience = 200; !(await isOpen(secure)); patience--) {
        if (patience === 0 || started.exitCode !== null)
          throw new Error(`nginx did not start: ${readFileSync(join(folder, "error.log"), "utf8")}`)
        await new Promise((next) => setTimeout(next, 50))
      }
    },
    async stop() {
      if (child && child.exitCode === null) {
        child.kill("SIGTERM")
        await once(child, "exit")
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
export type Nginx = Awaited<ReturnType<typeof planNginx>>
