/**
 * A real house for tests: the whole server on a free port, spoken to over HTTP, with people who register and sign in by
 * real OPAQUE. Only the stretching is cheap, and the rates are high unless a test asks for the real ones.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { request as httpRequest, type IncomingHttpHeaders } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { client, ready } from "@serenity-kit/opaque"
import {
  capabilities,
  device as makeDevice,
  type Person,
  person,
  random,
  type TestDevice,
} from "@teahouse/judge/cases/world.fixture.ts"
import { suite } from "@teahouse/judge/suite.ts"
import { toBase64url, utf8 } from "@teahouse/protocol/bytes.ts"
import type { Refusal } from "@teahouse/protocol/error.ts"
import { bindBytes, greetingBytes } from "@teahouse/protocol/greeting.ts"
import type { Session } from "@teahouse/protocol/http/account.ts"
import { adminRoutes } from "@teahouse/protocol/http/admin.ts"
import type { ParamsOf, RequestOf, ResponseOf } from "@teahouse/protocol/http/route.ts"
import { API, type Routes, routes, SOCKET_PATH } from "@teahouse/protocol/http.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import { revocationBytes } from "@teahouse/protocol/revocation.ts"
import { decodeDown, encodeUp } from "@teahouse/protocol/wire.ts"
import { encodeMlsMessage, generateKeyPackageWithKey } from "ts-mls"
import { WebSocket } from "ws"
import * as z from "zod/mini"
import { databaseOf } from "../db/database.fixture.ts"
import { type RunningHouse, type StartOptions, startHouse } from "../main.ts"

export const cheap = { memory: 8, iterations: 1, parallelism: 1 }
const fast = {
  signInsPerMinuteAccount: 100_000,
  signInsPerMinuteAddress: 100_000,
  requestsPerSecondAddress: 100_000,
  requestBurstAddress: 100_000,
  signInsPerMinuteName: 100_000,
  heavyPerMinute: 100_000,
  heavyBurst: 100_000,
  claimsPerMinute: 100_000,
  claimBurst: 100_000,
  historyWritesPerSecond: 100_000,
  historyWriteBurst: 100_000,
  historyReadsPerSecond: 100_000,
  historyReadBurst: 100_000,
}

export type Answer<T> = {
  readonly status: number
  readonly headers: Headers
  /** Where the status is 200. */
  readonly value: T
  /** Where it is not. */
  readonly refusal: Refusal
}
const allRoutes = { ...routes, ...adminRoutes }
type AllRoutes = typeof allRoutes
type AnyName = keyof AllRoutes
type CallWith<N extends AnyName> = {
  readonly token?: Uint8Array
  readonly params?: ParamsOf<AllRoutes[N]["path"]>
  readonly request?: RequestOf<AllRoutes[N]>
}

export type Speaker = {
  call<N extends AnyName>(name: N, given?: CallWith<N>): Promise<Answer<ResponseOf<AllRoutes[N]>>>
}
export type TestHouse = RunningHouse &
  Speaker & {
    readonly data: string
    /** Everything that the log has said. */
    readonly logged: () => string
    /** A request in every detail; `host` too, which fetch does not let one set. */
    raw(given: {
      readonly method?: string
      readonly path: string
      readonly headers?: Record<string, string>
      readonly body?: string | Uint8Array
    }): Promise<{ readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }>
    /** Stops it and deletes its data. */
    remove(): Promise<void>
  }

/** Speaks with a house by the route table. */
export function callerOf(url: string): Speaker["call"] {
  return async (name, { token, params, request } = {}) => {
    const route = allRoutes[name]
    const path = route.path.replace(
      /:(\w+)/g,
      (_, key) => (params as unknown as Record<string, string>)[key] ?? key,
    )
    const plain = route.request && z.encode(route.request as z.ZodMiniType, request as never)
    const query =
      route.method === "GET" && plain
        ? `?${new URLSearchParams(Object.entries(plain as object).map(([k, v]) => [k, String(v)]))}`
        : ""
    const answer = await fetch(url + API + path + query, {
      method: route.method,
      headers: {
        ...(token ? { authorization: `Bearer ${toBase64url(token)}` } : {}),
        ...(route.method === "GET" ? {} : { "content-type": "application/json" }),
      },
      ...(route.method === "GET" ? {} : { body: JSON.stringify(plain ?? {}) }),
    })
    const json = (await answer.json()) as never
    return {
      status: answer.status,
      headers: answer.headers,
      value: (answer.ok ? z.decode(route.response, json) : undefined) as never,
      refusal: answer.ok ? (undefined as never) : json,
    }
  }
}

export async function openTestHouse(options: StartOptions = {}): Promise<TestHouse> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), "teahouse-"))
  const logged: string[] = []
  const house = await startHouse({
    port: 0,
    database: await databaseOf(data),
    stretching: cheap,
    logLevel: "trace",
    logTo: { write: (line: string) => void logged.push(line) },
    ...options,
    data,
    limits: { ...limits, ...fast, ...options.limits },
  })
  return {
    ...house,
    data,
    logged: () => logged.join(""),
    call: callerOf(house.url),
    raw: ({ method = "GET", path, headers = {}, body }) =>
      new Promise((resolve, reject) => {
        const sent = httpRequest(house.url + path, { method, headers }, (answer) => {
          const parts: Buffer[] = []
          answer.on("data", (part: Buffer) => parts.push(part))
          answer.on("end", () => {
            const text = Buffer.concat(parts).toString("utf8")
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
          })
        })
        sent.on("error", reject)
        sent.end(body)
      }),
    async remove() {
      await house.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

export type TestPerson = {
  readonly name: string
  readonly password: string
  readonly person: Person
  readonly device: TestDevice
  readonly session: Session
  readonly token: Uint8Array
}

const custom = { "argon2id-custom": cheap }

/** OPAQUE's registration, up to the record. */
export async function registration(
  house: Speaker,
  name: string,
  password: string,
  user: Id,
  invite?: Uint8Array,
) {
  await ready
  const start = client.startRegistration({ password })
  const begun = await house.call("registerStart", {
    request: { username: name, user, request: start.registrationRequest, ...(invite ? { invite } : {}) },
  })
  if (begun.status !== 200) return { begun }
  const { registrationRecord } = client.finishRegistration({
    password,
    clientRegistrationState: start.clientRegistrationState,
    registrationResponse: begun.value.response,
    identifiers: { client: user },
    keyStretching: custom,
  })
  return { begun, record: registrationRecord }
}

export const finishRequest = (name: string, owner: Person, device: TestDevice, record: string) => ({
  username: name,
  user: owner.user,
  record,
  stretching: cheap,
  vault: {
    version: 1,
    uik: owner.uik,
    vaultKey: random(32),
    vaultKeySignature: random(64),
    rootByPassword: random(60),
    rootByRecovery: random(60),
    recoveryKey: random(32),
    keys: random(120),
  },
  accountKey: { generation: 1, sealed: random(80) },
  certificate: device.certificate,
  signatureKey: device.signatureKey,
})

/** The house's id. */
export const idOf = async (house: Speaker): Promise<Id> => (await house.call("house")).value.house

export async function register(
  house: Speaker,
  name: string,
  password = `${name} likes oolong`,
  invite?: Uint8Array,
): Promise<TestPerson> {
  const owner = await person(name)
  const device = await makeDevice(owner, { house: await idOf(house), n: 1 })
  const { record } = await registration(house, name, password, owner.user, invite)
  if (record === undefined) throw new Error(`${name} could not begin to register`)
  const request = { ...finishRequest(name, owner, device, record), ...(invite ? { invite } : {}) }
  const done = await house.call("registerFinish", { request })
  if (done.status !== 200) throw new Error(`${name} could not register: ${JSON.stringify(done.refusal)}`)
  const { session } = done.value
  return { name, password, person: owner, device, session, token: session.token }
}

/** Everything up to `loginFinish`; the finish is made up where the password was wrong. */
export async function login(house: TestHouse, name: string, password: string) {
  await ready
  const parameters = await house.call("loginParameters", { request: { username: name } })
  const { user, stretching } = parameters.value
  const start = client.startLogin({ password })
  const begun = await house.call("loginStart", {
    request: { username: name, request: start.startLoginRequest },
  })
  if (begun.status !== 200) return { parameters, begun }
  const finished = client.finishLogin({
    password,
    clientLoginState: start.clientLoginState,
    loginResponse: begun.value.response,
    identifiers: { client: user },
    keyStretching: { "argon2id-custom": stretching },
  })
  const finish = finished?.finishLoginRequest ?? toBase64url(random(64))
  const entered = await house.call("loginFinish", { request: { login: begun.value.login, finish } })
  return { parameters, begun, finish, entered }
}

/** Makes a session speak for a device. */
export async function bind(house: TestHouse, session: Session, device: TestDevice) {
  const bytes = bindBytes(device.house, session.id, device.device)
  const signature = await (await suite()).signature.sign(device.signKey, bytes)
  const { certificate, signatureKey } = device
  return house.call("bindDevice", {
    token: session.token,
    request: { device: device.device, certificate, signatureKey, signature },
  })
}

/** A second device of the same person, signed in. */
export async function phoneOf(house: TestHouse, who: TestPerson) {
  const device = await makeDevice(who.person, { house: await idOf(house), n: 1 })
  const { entered } = await login(house, who.name, who.password)
  if (!entered) throw new Error("not signed in")
  await bind(house, entered.value.session, device)
  return { session: entered.value.session, token: entered.value.session.token, device }
}

/** What takes a device away and begins the account's next generation; `staying` gets new certificates. */
export async function revocationOf(
  house: Speaker,
  who: TestPerson,
  device: Id,
  { staying, n = 2, signer = who }: { staying: readonly TestDevice[]; n?: number; signer?: TestPerson },
): Promise<RequestOf<Routes["revokeDevices"]>> {
  const said = revocationBytes(await idOf(house), who.person.user, device)
  const renewed = await Promise.all(staying.map((one) => makeDevice(who.person, { ...one, n })))
  return {
    revocations: [
      { device, signature: await (await suite()).signature.sign(signer.person.uikPrivate, said) },
    ],
    accountKey: { generation: n, sealed: random(80) },
    certificates: renewed.map(({ device: stays, certificate }) => ({ device: stays, certificate })),
  }
}

export { makeDevice, random }
export const newPerson = person

const HOUR_S = 3600
/** MLSMessage mls_key_package, good for sixty days. */
export async function keyPackageBytes(device: TestDevice, days = 60): Promise<Uint8Array> {
  const now = Math.floor(Date.now() / 1000)
  const made = await generateKeyPackageWithKey(
    { credentialType: "basic", identity: device.certificate },
    capabilities,
    { notBefore: BigInt(now - HOUR_S), notAfter: BigInt(now + days * 24 * HOUR_S) },
    [],
    { signKey: device.signKey, publicKey: device.signatureKey },
    await suite(),
  )
  return encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage: made.publicPackage })
}

/** Leaves one-time packages and a last-resort one. */
export async function publish(house: Speaker, who: TestPerson, oneTimes = 2) {
  const oneTime = []
  for (let i = 0; i < oneTimes; i++) oneTime.push(await keyPackageBytes(who.device))
  const lastResort = await keyPackageBytes(who.device, 180)
  const published = await house.call("publishKeyPackages", {
    token: who.token,
    request: { oneTime, lastResort },
  })
  if (published.status !== 200) throw new Error(`not published: ${JSON.stringify(published.refusal)}`)
  return { oneTime, lastResort }
}

export const sealed = (text: string) => utf8(text)

type Who = {
  readonly session: { readonly id: Parameters<typeof greetingBytes>[2] }
  readonly device: { signKey: Uint8Array }
}

/** Connects and collects the hints. */
export async function listen(house: TestHouse, who: Who) {
  const socket = new WebSocket(house.url.replace("http", "ws") + SOCKET_PATH, { origin: house.url })
  const hints: string[] = []
  let closed = 0
  socket.on("close", (code) => {
    closed = code
  })
  await new Promise<void>((ready, fail) => {
    socket.on("error", fail)
    socket.on("close", () => fail(new Error("closed before it was ready")))
    socket.on("message", (data: Buffer) => {
      const frame = decodeDown(data)
      if (!frame.ok) return fail(new Error(frame.error))
      const down = frame.value
      if (down.t === "hint") hints.push(...down.topics)
      if (down.t === "ready") ready()
      if (down.t !== "challenge") return
      const bytes = greetingBytes(down.house, down.nonce, who.session.id)
      void suite()
        .then(({ signature }) => signature.sign(who.device.signKey, bytes))
        .then((signature) => {
          const { major, minor } = down
          socket.send(encodeUp({ t: "hello", major, minor, session: who.session.id, signature }))
        })
    })
  })
  return { hints, closed: () => closed, close: () => socket.close() }
}
