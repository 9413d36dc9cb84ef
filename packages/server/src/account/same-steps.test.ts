/**
 * Signing in and recovering by a name that somebody has, and by one that nobody has: the same statements, rows and calls, in the same
 * order. Whether that takes the same time is what `npm run bench -- sign-in-timing` measures.
 */
import { client } from "@serenity-kit/opaque"
import { toBase64url, utf8 } from "@teahouse/protocol/bytes.ts"
import type { RequestOf, Route } from "@teahouse/protocol/http/route.ts"
import { limits } from "@teahouse/protocol/limits.ts"
import type { KyselyPlugin, RootOperationNode } from "kysely"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { Database } from "../db/port.ts"
import { loginFinish } from "../http/account/login-finish.ts"
import { loginParameters } from "../http/account/login-parameters.ts"
import { loginStart } from "../http/account/login-start.ts"
import { recoveryFinish } from "../http/account/recovery-finish.ts"
import { recoveryStart } from "../http/account/recovery-start.ts"
import type { Endpoint } from "../http/endpoint.ts"
import type { HouseParts } from "../http/parts.ts"
import { id, openDb, random, tempDir } from "../room/log.fixture.ts"
import { createLogins, pendingLogin, pendingRecovery } from "./logins.ts"
import { createOpaque, createOpaqueSetup, type Opaque } from "./opaque.ts"

let dir: ReturnType<typeof tempDir>
let db: Database
let house: HouseParts
let steps: string[]

beforeAll(async () => {
  dir = tempDir()
  db = await openDb(dir.path)
  const opaque = await createOpaque(await createOpaqueSetup())
  await registerAs("somebody", opaque)
  await registerAs("another", opaque)
  const told: Database = { ...db, read: db.read.withPlugin(listener), write: told_ }
  const parts = { db: told, key: random(32), now: Date.now, random }
  house = {
    ...{ db: told, now: Date.now, random, limits },
    stretching: { memory: 8, iterations: 1, parallelism: 1 },
    house: { id: id(), publicKey: random(32) },
    rates: { signIn: () => undefined },
    opaque: listened(opaque),
    logins: createLogins("login", pendingLogin, parts),
    recoveries: createLogins("recovery", pendingRecovery, parts),
  } as unknown as HouseParts
})
afterAll(async () => {
  await db.close()
  dir.remove()
})

const listener: KyselyPlugin = {
  transformQuery({ node }) {
    steps.push(`read ${shapeOf(node)}`)
    return node
  },
  async transformResult({ result }) {
    steps.push(`rows ${result.rows.length}`)
    return result
  },
}
/** Without what is asked for: names and ids are others each time. A Buffer comes here as what its `toJSON` gives. */
const shapeOf = (node: RootOperationNode) =>
  JSON.stringify(node, (key, value) => (key === "value" && typeof value === "object" ? "bytes" : value))

const told_: Database["write"] = (name, args) => {
  const sealed = (args as { sealed?: Uint8Array }).sealed?.length
  steps.push(`write ${name} ${sealed ?? ""}`)
  return db.write(name, args)
}
const listened = (opaque: Opaque): Opaque => ({
  ...opaque,
  strangerId(name) {
    steps.push("stand-in")
    return opaque.strangerId(name)
  },
  start(user, record, request) {
    const started = opaque.start(user, record, request)
    steps.push(`start ${started.ok && [started.value.state.length, started.value.response.length]}`)
    return started
  },
  finish(user, state, finish) {
    const right = opaque.finish(user, state, finish)
    steps.push(`finish ${right}`)
    return right
  },
})

async function registerAs(name: string, opaque: Opaque) {
  const user = id()
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: name })
  const made = opaque.register(user, registrationRequest)
  if (!made.ok) throw new Error(made.error)
  const { registrationRecord } = client.finishRegistration({
    ...{ password: name, clientRegistrationState, registrationResponse: made.value },
    identifiers: { client: user },
    keyStretching: { "argon2id-custom": { memory: 8, iterations: 1, parallelism: 1 } },
  })
  const device = { id: random(16), certificate: random(200), signatureKey: random(32) }
  const written = await db.write("account.register", {
    account: {
      ...{ id: random(16), name: utf8(name), kind: 0, uik: random(32), generation: 1 },
      ...{ record: utf8(registrationRecord), stretch_memory: 8, stretch_iterations: 1 },
      ...{ stretch_parallelism: 1, vault_version: 1, vault_key: random(32), vault_key_signature: random(64) },
      ...{ root_by_password: random(40), root_by_recovery: random(40), recovery_key: random(32) },
      ...{ vault_keys: random(40), notebook_cursor: 0, created: 0 },
    },
    look: random(32),
    key: { generation: 1, sealed: random(40) },
    device,
    session: {
      ...{ id: random(16), token_hash: random(32), user_id: random(16), device_id: device.id },
      ...{ created: 0, fresh_until: 0, expires: 0, recovering: 0 },
    },
    invite: null,
    bot: null,
  })
  if (!written.ok) throw new Error(written.error.kind)
}

/** What a handler has done for a request, and what it has answered. */
async function run<R extends Route>({ handler }: Endpoint<R>, request: unknown) {
  steps = []
  const answer = await handler({
    ...{ request: request as RequestOf<R>, params: {} as never, caller: null as never },
    ...{ address: "here", house },
  })
  return { steps, answer }
}

async function signIn(username: string) {
  const parameters = await run(loginParameters, { username })
  const request = client.startLogin({ password: "a wrong one" }).startLoginRequest
  const start = await run(loginStart, { username, request })
  const login = start.answer.ok ? start.answer.value.login : ""
  const finish = await run(loginFinish, { login, finish: toBase64url(random(64)) })
  const recovery = await run(recoveryStart, { username })
  const challenge = recovery.answer.ok ? recovery.answer.value.challenge : ""
  const recovered = await run(recoveryFinish, { challenge, signature: random(64) })
  return { parameters, start, finish, recovery, recovered }
}

it("does the same for a name that nobody has as for one that somebody has", async () => {
  const [here, nobody] = [await signIn("somebody"), await signIn("whoever.")]
  for (const step of ["parameters", "start", "finish", "recovery", "recovered"] as const) {
    expect(nobody[step].steps, step).toEqual(here[step].steps)
    expect(here[step].steps.length).toBeGreaterThan(0)
  }
  expect(here.start.steps.filter((one) => one.startsWith("rows"))).toEqual(["rows 1", "rows 1"])
  for (const { finish, recovered } of [here, nobody]) {
    expect(finish.answer).toEqual({ ok: false, error: { kind: "wrong_credentials" } })
    expect(recovered.answer).toEqual({ ok: false, error: { kind: "wrong_recovery_code" } })
  }
})
