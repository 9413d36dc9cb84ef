/**
 * A certificate authority for tests: RFC 8555 over https on a free port, as strict as the RFC. Every POST is verified (JWS with node:crypto, not
 * with the library of the client: nonce once, address, key or account), the proof is really fetched by http, the request is checked and signed by
 * openssl. What a real one cannot be made to do on demand, this one does: `trouble`.
 */

import { execFileSync } from "node:child_process"
import { createHash, createPublicKey, type JsonWebKeyInput, randomBytes, verify } from "node:crypto"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import type { IncomingMessage, ServerResponse } from "node:http"
import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { findProgram } from "../../../../../test/program.ts"
import { issue, makeAuthority } from "../x509.ts"

export const openssl = findProgram("openssl")

type Order = {
  status: "pending" | "ready" | "valid" | "invalid"
  readonly names: readonly string[]
  readonly authorizations: number[]
  certificate?: string
}
type Authorization = {
  status: "pending" | "valid" | "invalid"
  readonly name: string
  readonly token: string
  error?: object
}
type JsonWebKey = JsonWebKeyInput["key"]
type Header = { alg?: string; nonce?: string; url?: string; jwk?: JsonWebKey; kid?: string }

export type Trouble = {
  /** So many requests are refused with `badNonce`. */
  nonces: number
  /** Orders are refused; seconds until the CA wants to hear again. */
  limited?: number
  /** Answers nothing, or that it is broken. */
  down?: "silent" | "broken"
  /** Orders are forgotten as soon as the proofs are there. */
  forgets: boolean
  /** Gives a certificate for another name. */
  wrongName: boolean
}

const ERROR = "urn:ietf:params:acme:error:"
const run = (args: string[], input?: Uint8Array) =>
  execFileSync(openssl as string, args, { input, stdio: ["pipe", "pipe", "ignore"] }).toString()

export async function startAuthority(httpPort: number, days = 90) {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-ca-"))
  const at = (name: string) => join(folder, name)
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
  run([
    "req",
    "-x509",
    ...curve,
    "-days",
    "365",
    "-subj",
    "/CN=Test CA",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
  ])
  const life = { from: Date.now() - 60_000, until: Date.now() + 86_400_000 }
  const web = await makeAuthority("for the test", { names: ["localhost"], networks: ["127.0.0.0/8"] }, life)
  const before = getCACertificates("default")
  setDefaultCACertificates([...before, web.cert])

  const nonces = new Set<string>()
  const accounts: { readonly jwk: JsonWebKey; contact: readonly string[] }[] = []
  const orders: Order[] = []
  const authorizations: Authorization[] = []
  const trouble: Trouble = { nonces: 0, forgets: false, wrongName: false }
  const seen: string[] = []
  const proofs: string[] = []
  let sockets = 0

  const server = createServer({ ...(await issue(web, ["localhost"], life)) }, (request, response) => {
    void answer(request, response)
  })
  server.on("connection", (socket) => {
    sockets++
    if (trouble.down === "silent") socket.destroy()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const base = `https://localhost:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const path = request.url ?? "/"
    seen.push(`${request.method} ${path}`)
    const nonce = randomBytes(16).toString("base64url")
    nonces.add(nonce)
    response.setHeader("replay-nonce", nonce)
    const say = (status: number, body?: unknown, headers: Record<string, string> = {}) =>
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body))
    const refuse = (status: number, type: string, detail: string, headers = {}) =>
      say(
        status,
        { type: ERROR + type, detail, status },
        { "content-type": "application/problem+json", ...headers },
      )
    if (trouble.down === "broken") return refuse(503, "serverInternal", "maintenance")
    if (path === "/dir")
      return say(200, {
        ...{ newNonce: `${base}/nonce`, newAccount: `${base}/account`, newOrder: `${base}/order` },
        meta: { termsOfService: `${base}/terms` },
      })
    if (path === "/nonce") return say(200)
    if (request.method !== "POST") return refuse(405, "malformed", "everything else is a POST")
    if (request.headers["content-type"] !== "application/jose+json") return refuse(415, "malformed", "type")

    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const jws = JSON.parse(Buffer.concat(parts).toString()) as Record<
      "protected" | "payload" | "signature",
      string
    >
    const header = JSON.parse(Buffer.from(jws.protected, "base64url").toString()) as Header
    if (!nonces.delete(header.nonce ?? "") || trouble.nonces-- > 0)
      return refuse(400, "badNonce", "try again")
    if (header.url !== base + path) return refuse(401, "unauthorized", `signed for ${header.url}`)
    if ((header.jwk === undefined) === (header.kid === undefined))
      return refuse(400, "malformed", "jwk or kid")
    const entering = path === "/account"
    if (entering !== (header.jwk !== undefined))
      return refuse(400, "malformed", "a new key only for an account")
    const account = header.kid ? accounts[Number(header.kid.split("/").at(-1))] : undefined
    const jwk = header.jwk ?? account?.jwk
    if (jwk === undefined) return refuse(400, "accountDoesNotExist", String(header.kid))
    const signed = verify(
      "sha256",
      Buffer.from(`${jws.protected}.${jws.payload}`),
      { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
      Buffer.from(jws.signature, "base64url"),
    )
    if (header.alg !== "ES256" || !signed) return refuse(400, "malformed", "not signed by that key")
    const body = jws.payload === "" ? undefined : JSON.parse(Buffer.from(jws.payload, "base64url").toString())
    const [, kind, number] = path.split("/")
    const id = Number(number)

    if (entering) {
      if (body.termsOfServiceAgreed !== true) return refuse(403, "userActionRequired", "agree first")
      const known = accounts.findIndex((one) => one.jwk.x === jwk.x)
      if (known < 0) accounts.push({ jwk, contact: body.contact })
      const place = known < 0 ? accounts.length - 1 : known
      const { contact } = accounts[place] as { contact: readonly string[] }
      return say(
        known < 0 ? 201 : 200,
        { status: "valid", contact },
        { location: `${base}/account/${place}` },
      )
    }
    if (kind === "account" && account) {
      account.contact = body.contact
      return say(200, { status: "valid", contact: account.contact })
    }
    if (path === "/order") {
      if (trouble.limited !== undefined)
        return refuse(429, "rateLimited", "too many certificates\nalready", {
          "retry-after": String(trouble.limited),
        })
      const names = (body.identifiers as { value: string }[]).map(({ value }) => value)
      const places = names.map((name) => {
        authorizations.push({ status: "pending", name, token: randomBytes(24).toString("base64url") })
        return authorizations.length - 1
      })
      orders.push({ status: "pending", names, authorizations: places })
      return say(201, shown(orders.length - 1), { location: `${base}/order/${orders.length - 1}` })
    }
    if (kind === "authorization") return say(200, proof(id))
    if (kind === "challenge") {
      if (body === undefined) return say(200, proof(id).challenges[0])
      const one = authorizations[id] as Authorization
      const { crv, kty, x, y } = jwk
      const thumbprint = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url")
      void look(one, `${one.token}.${thumbprint}`)
      return say(200, proof(id).challenges[0])
    }
    const order = orders[id]
    if (!order || (trouble.forgets && kind === "order")) return refuse(404, "malformed", "no such order")
    if (kind === "order") return say(200, shown(id), { "retry-after": "0" })
    if (kind === "finalize") {
      if (shown(id).status !== "ready") return refuse(403, "orderNotReady", shown(id).status)
      order.certificate = sign(Buffer.from(body.csr, "base64url"), order.names)
      order.status = "valid"
      return say(200, shown(id))
    }
    if (kind === "certificate")
      return say(200, order.certificate, { "content-type": "application/pem-certificate-chain" })
    return refuse(404, "malformed", path)
  }

  async function look(one: Authorization, expected: string) {
    const url = `http://127.0.0.1:${httpPort}/.well-known/acme-challenge/${one.token}`
    proofs.push(one.name)
    try {
      const found = await fetch(url, { headers: { "user-agent": "test CA" } })
      const text = await found.text()
      one.status = found.status === 200 && text.trimEnd() === expected ? "valid" : "invalid"
      if (one.status === "invalid")
        one.error = { type: `${ERROR}unauthorized`, detail: `${one.name} answered ${found.status}` }
    } catch {
      one.status = "invalid"
      one.error = { type: `${ERROR}connection`, detail: `${one.name}: connection refused` }
    }
  }

  function sign(csr: Uint8Array, names: readonly string[]): string {
    // Fails where the request's own signature does not hold.
    const said = run(["req", "-inform", "DER", "-verify", "-noout", "-text"], csr)
    const found = [...said.matchAll(/DNS:([a-z0-9.-]+)/g)].map(([, name]) => name)
    if (String(found) !== String(names)) throw new Error(`the request is for ${found}`)
    writeFileSync(at("csr.der"), csr)
    const other = "subjectAltName=DNS:other.example"
    writeFileSync(at("other.ext"), other)
    const named = trouble.wrongName ? ["-extfile", at("other.ext")] : ["-copy_extensions", "copy"]
    const by = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-days", String(days)]
    const own = run(["x509", "-req", "-inform", "DER", "-in", at("csr.der"), ...by, ...named])
    return own + readFileSync(at("ca.pem"), "utf8")
  }

  function shown(id: number) {
    const order = orders[id] as Order
    const all = order.authorizations.map((one) => (authorizations[one] as Authorization).status)
    if (order.status === "pending" && all.every((one) => one === "valid")) order.status = "ready"
    if (all.includes("invalid")) order.status = "invalid"
    return {
      status: order.status,
      identifiers: order.names.map((value) => ({ type: "dns", value })),
      authorizations: order.authorizations.map((one) => `${base}/authorization/${one}`),
      finalize: `${base}/finalize/${id}`,
      ...(order.certificate ? { certificate: `${base}/certificate/${id}` } : {}),
    }
  }
  function proof(id: number) {
    const { status, name, token, error } = authorizations[id] as Authorization
    const way = {
      type: "http-01",
      url: `${base}/challenge/${id}`,
      token,
      status,
      ...(error ? { error } : {}),
    }
    return {
      status,
      identifier: { type: "dns", value: name },
      challenges: [way, { type: "dns-01", url: `${base}/challenge/x`, token, status }],
    }
  }

  return {
    directory: `${base}/dir`,
    /** PEM of who signs the certificates. */
    root: readFileSync(at("ca.pem"), "utf8"),
    trouble,
    /** Requests, proofs that were looked at, orders, and how often somebody has come at all. */
    seen,
    proofs,
    orders,
    accounts,
    connections: () => sockets,
    async stop() {
      setDefaultCACertificates(before)
      server.close()
      server.closeAllConnections()
      await once(server, "close")
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
