/**
 * Let's Encrypt's own test server, Pebble, in its strict mode: it refuses a tenth of all nonces, asks its own small DNS server, in which every name
 * leads to this machine, and really fetches the proofs.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { get } from "node:https"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { issue, makeAuthority } from "@teahouse/server/tls/x509.ts"
import { freePorts } from "./free-ports.ts"
import { findProgram } from "./program.ts"

const [program, names] = [findProgram("pebble"), findProgram("pebble-challtestsrv")]
export const hasPebble = program !== undefined && names !== undefined

const fetchText = (url: string, ca: string) =>
  new Promise<string>((done, failed) => {
    get(url, { ca }, (answer) => {
      let text = ""
      answer.setEncoding("utf8").on("data", (part: string) => {
        text += part
      })
      answer.on("end", () => done(text))
    }).on("error", failed)
  })

/** `httpPort`: where it looks for proofs. */
export async function startPebble(httpPort: number) {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-pebble-"))
  const [acme, management, dns, unused, tlsPort] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  const life = { from: Date.now() - 60_000, until: Date.now() + 86_400_000 }
  const web = await makeAuthority("for the test", { names: ["localhost"], networks: ["127.0.0.0/8"] }, life)
  const { cert, key } = await issue(web, ["localhost", "127.0.0.1"], life)
  const files = { certificate: join(folder, "cert.pem"), privateKey: join(folder, "key.pem") }
  writeFileSync(files.certificate, cert)
  writeFileSync(files.privateKey, key)
  const config = {
    pebble: {
      ...{ listenAddress: `127.0.0.1:${acme}`, managementListenAddress: `127.0.0.1:${management}` },
      ...{ ...files, httpPort, tlsPort, ocspResponderURL: "", externalAccountBindingRequired: false },
    },
  }
  writeFileSync(join(folder, "config.json"), JSON.stringify(config))
  const none = ["-http01", "", "-https01", "", "-tlsalpn01", ""]
  const ways = ["-defaultIPv4", "127.0.0.1", "-defaultIPv6", "", "-dns01", `127.0.0.1:${dns}`]
  const begin = (command: string | undefined, args: string[], env = {}): ChildProcess =>
    spawn(command as string, args, { stdio: "ignore", env: { ...process.env, ...env } })
  const children = [
    begin(names, [...ways, ...none, "-management", `127.0.0.1:${unused}`]),
    begin(program, ["-strict", "-config", join(folder, "config.json"), "-dnsserver", `127.0.0.1:${dns}`], {
      ...{ PEBBLE_VA_NOSLEEP: "1", PEBBLE_WFE_NONCEREJECT: "10" },
    }),
  ]
  const before = getCACertificates("default")
  setDefaultCACertificates([...before, web.cert])
  const directory = `https://localhost:${acme}/dir`
  for (let patience = 200; ; patience--) {
    const up = await fetchText(directory, web.cert).catch(() => undefined)
    if (up !== undefined) break
    if (patience === 0 || children.some(({ exitCode }) => exitCode !== null))
      throw new Error("Pebble did not start")
    await new Promise((next) => setTimeout(next, 50))
  }
  return {
    directory,
    /** PEM of its root, another one each time. */
    root: await fetchText(`https://localhost:${management}/roots/0`, web.cert),
    async stop() {
      setDefaultCACertificates(before)
      for (const child of children)
        if (child.exitCode === null && child.signalCode === null) {
          child.kill("SIGKILL")
          await once(child, "exit")
        }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
