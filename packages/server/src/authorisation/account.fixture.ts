/** Rows of the matrix: accounts, and what every account has for itself. */
import { client } from "@serenity-kit/opaque"
import { suite } from "@teahouse/judge/suite.ts"
import { toBase64url } from "@teahouse/protocol/bytes.ts"
import { bindBytes } from "@teahouse/protocol/greeting.ts"
import { newId } from "@teahouse/protocol/ids.ts"
import {
  finishRequest,
  idOf,
  login,
  makeDevice,
  newPerson,
  random,
  register,
  registration,
  revocationOf,
  type TestHouse,
  type TestPerson,
} from "../http/house.fixture.ts"
import type { Row, Rows } from "./row.fixture.ts"

const empty = (): { request: object } => ({ request: {} })
const plain = (door: Row["door"], answers: Row["answers"] = { rest: "ok" }): Row => ({
  door,
  ask: () => ({}),
  answers,
})
let count = 0

/** A sign-in up to its last step. */
async function beginLogin(house: TestHouse, username: string, { password }: TestPerson) {
  const { user, stretching } = (await house.call("loginParameters", { request: { username } })).value
  const start = client.startLogin({ password })
  const request = { username, request: start.startLoginRequest }
  const { login, response } = (await house.call("loginStart", { request })).value
  const finished = client.finishLogin({
    password,
    clientLoginState: start.clientLoginState,
    loginResponse: response,
    identifiers: { client: user },
    keyStretching: { "argon2id-custom": stretching },
  })
  return { login, finish: finished?.finishLoginRequest ?? toBase64url(random(64)) }
}

export const accountRows = {
  house: plain("none"),
  registerStart: {
    door: "none",
    ask: () => {
      const { registrationRequest } = client.startRegistration({ password: "any" })
      return {
        request: { username: `new${++count}`, user: newId(random), request: registrationRequest },
      }
    },
    answers: { rest: "ok" },
  },
  registerFinish: {
    door: "none",
    ask: async ({ house }) => {
      const name = `new${++count}`
      const person = await newPerson(name)
      const device = await makeDevice(person, { house: await idOf(house), n: 1 })
      const { record = "" } = await registration(house, name, "a password", person.user)
      return { request: finishRequest(name, person, device, record) }
    },
    answers: { rest: "ok" },
  },
  loginParameters: {
    door: "none",
    ask: (_, who) => ({ request: { username: who.name } }),
    answers: { rest: "ok" },
  },
  loginStart: {
    door: "none",
    ask: (_, who) => {
      const { startLoginRequest } = client.startLogin({ password: who.password })
      return { request: { username: who.name, request: startLoginRequest } }
    },
    answers: { rest: "ok" },
  },
  // Each by their own password, nobody by a name that nobody has. Whose device was taken away may come in with another one.
  loginFinish: {
    door: "none",
    ask: async ({ house }, who, caller) => ({
      request: await beginLogin(house, caller === "nobody" ? "whoever" : who.name, who),
    }),
    answers: { rest: "ok", nobody: "wrong_credentials", disabled: "account_disabled" },
  },
  logout: {
    door: "session",
    ask: async ({ again }, who, caller) =>
      ["revoked", "disabled", "nobody"].includes(caller) ? {} : { token: (await again(who)).token },
    answers: { rest: "ok" },
  },
  passwordStart: {
    door: "renew",
    ask: () => ({
      request: { request: client.startRegistration({ password: "another" }).registrationRequest },
    }),
    answers: { newcomer: "ok", recovering: "ok" },
  },
  // Far from the version that is there: whoever is let in changes nothing here.
  passwordFinish: {
    door: "renew",
    ask: async ({ house }, who) => {
      const { token } = who
      const { stretching } = finishRequest("", who.person, who.device, "")
      const wraps = { rootByPassword: random(60), rootByRecovery: random(60), recoveryKey: random(32) }
      const start = client.startRegistration({ password: "another" })
      const begun = await house.call("passwordStart", {
        token,
        request: { request: start.registrationRequest },
      })
      const { registrationRecord } = begun.value
        ? client.finishRegistration({
            password: "another",
            clientRegistrationState: start.clientRegistrationState,
            registrationResponse: begun.value.response,
            identifiers: { client: who.person.user },
            keyStretching: { "argon2id-custom": stretching },
          })
        : { registrationRecord: "none" }
      return { request: { record: registrationRecord, stretching, version: 99, ...wraps } }
    },
    answers: { newcomer: "version_conflict", recovering: "version_conflict" },
  },
  recoveryStart: {
    door: "none",
    ask: (_, who) => ({ request: { username: who.name } }),
    answers: { rest: "ok" },
  },
  // Nobody has the code's key here.
  recoveryFinish: {
    door: "none",
    ask: async ({ house }, who) => {
      const begun = await house.call("recoveryStart", { request: { username: who.name } })
      return { request: { challenge: begun.value.challenge, signature: random(64) } }
    },
    answers: { rest: "wrong_recovery_code" },
  },
  deleteAccount: {
    door: "fresh",
    ask: async ({ house }, _, caller) => {
      if (caller !== "newcomer") return empty()
      const name = `fated${++count}`
      const { password } = await register(house, name)
      const { entered } = await login(house, name, password)
      return { ...empty(), token: entered?.value.session.token ?? random(32) }
    },
    answers: { newcomer: "ok" },
  },
  me: plain("session"),
  bindDevice: {
    door: "session",
    ask: async ({ house }, who, caller) => {
      // The member's account is at its second generation, since a device of it was taken away.
      const about = caller === "newcomer" ? { house: await idOf(house), n: 1 } : { ...who.device, n: 2 }
      const device =
        caller === "newcomer" || caller === "member" ? await makeDevice(who.person, about) : who.device
      const { entered } = caller === "newcomer" ? await login(house, who.name, who.password) : {}
      const session = entered?.value.session ?? who.session
      const bytes = bindBytes(await idOf(house), session.id, device.device)
      const signature = await (await suite()).signature.sign(device.signKey, bytes)
      const { certificate, signatureKey } = device
      const request = { device: device.device, certificate, signatureKey, signature }
      return entered ? { request, token: session.token } : { request }
    },
    answers: { rest: "ok" },
  },
  ownDevices: plain("device"),
  // Nobody has signed it: whoever is let in changes nothing here.
  beginKeyLog: {
    door: "fresh",
    ask: () => ({ request: { entries: [random(150)] } }),
    answers: { newcomer: "invalid_key_log" },
  },
  revokeDevices: {
    door: "fresh",
    ask: async ({ house }, who, caller) => {
      if (caller !== "newcomer")
        return { request: await revocationOf(house, who, newId(random), { staying: [] }) }
      const fated = await register(house, `fated${++count}`)
      const { entered } = await login(house, fated.name, fated.password)
      const request = await revocationOf(house, fated, fated.device.device, { staying: [] })
      return { request, token: entered?.value.session.token ?? random(32) }
    },
    answers: { newcomer: "ok" },
  },
  publishKeyPackages: { door: "device", ask: () => ({ request: { oneTime: [] } }), answers: { rest: "ok" } },
  countKeyPackages: plain("device"),
  makeBotToken: { door: "device", ask: empty, answers: { rest: "ok", bot: "not_for_bots" } },
  listBots: {
    ...plain("device", { rest: "none", owner: "two" }),
    saw: ({ bots }: { bots: unknown[] }) => ["none", "one", "two"][bots.length] ?? "more",
  },
  removeBot: {
    door: "device",
    ask: ({ people }) => ({ params: { user: people.spareBot.person.user }, ...empty() }),
    answers: { rest: "unknown_user", owner: "ok" },
  },
  quota: plain("session"),
  readNotebook: { door: "device", ask: () => ({ request: { since: 0 } }), answers: { rest: "ok" } },
  writeNotebook: {
    door: "device",
    ask: () => ({ request: { id: random(32), version: 1, generation: 1, sealed: random(40) } }),
    answers: { rest: "ok" },
  },
  pushKey: plain("device"),
  subscribePush: {
    door: "device",
    ask: () => ({ request: { endpoint: `https://fcm.googleapis.com/fcm/send/${++count}` } }),
    answers: { rest: "ok" },
  },
  unsubscribePush: { door: "device", ask: empty, answers: { rest: "ok" } },
} satisfies Record<string, Rows>
