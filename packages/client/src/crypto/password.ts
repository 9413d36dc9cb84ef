/**
 * OPAQUE (RFC 9807), the client's side. `keyStretching` and `identifiers` must be the same at registration and at every
 * login, or it fails like a wrong password: stretching is stored per account and sent before the login, the identifier
 * is the immutable user id (the server is identified by its key, which the caller pins).
 *
 * A server could ask for cheap stretching to make guessing cheap; below the minimum nothing is computed.
 */
import { fromBase64url } from "@teahouse/protocol/bytes.ts"
import type { Id } from "@teahouse/protocol/ids.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { judgePassword, preparePassword } from "./password-rules.ts"
import type { PasswordCrypto, Stretching } from "./port.ts"

export const STRETCHING: Stretching = { iterations: 3, memory: 65_536, parallelism: 1 }
/** Above this a server could keep a phone busy for minutes, or out of memory. */
const MOST: Stretching = { iterations: 16, memory: 1_048_576, parallelism: 8 }

/** Loaded by the first sign-in or sign-up only: 160 kB of WebAssembly that a running session never needs. */
const opaque = async () => {
  const { client, ready } = await import("@serenity-kit/opaque")
  await ready
  return client
}

const within = (low: Stretching, s: Stretching) =>
  s.memory >= low.memory &&
  s.memory * s.iterations >= low.memory * low.iterations &&
  s.memory <= MOST.memory &&
  s.iterations <= MOST.iterations &&
  s.parallelism <= MOST.parallelism

const custom = ({ iterations, memory, parallelism }: Stretching) => ({
  "argon2id-custom": { iterations, memory, parallelism },
})
const identifiers = (user: Id) => ({ client: user })
const bytes = (text: string): Uint8Array => {
  const out = fromBase64url(text)
  if (!out) throw new Error("the OPAQUE library made something that is not base64url")
  return out
}

/** `minimum` is lower only in tests and benches, where nobody's password is at stake. */
export const passwordCrypto = (minimum: Stretching = STRETCHING): PasswordCrypto => ({
  stretching: minimum,
  prepare: preparePassword,
  judge: judgePassword,
  startRegistration: async (prepared) => {
    const client = await opaque()
    const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: prepared })
    return { state: clientRegistrationState, request: registrationRequest }
  },
  finishRegistration: async ({ prepared, state, response, user, stretching }) => {
    if (!within(minimum, stretching)) return err("weak_stretching")
    const client = await opaque()
    try {
      const made = client.finishRegistration({
        password: prepared,
        clientRegistrationState: state,
        registrationResponse: response,
        identifiers: identifiers(user),
        keyStretching: custom(stretching),
      })
      const { registrationRecord, exportKey, serverStaticPublicKey } = made
      return ok({ record: registrationRecord, exportKey: bytes(exportKey), serverKey: serverStaticPublicKey })
    } catch {
      return err("bad_response")
    }
  },
  startLogin: async (prepared) => {
    const client = await opaque()
    const { clientLoginState, startLoginRequest } = client.startLogin({ password: prepared })
    return { state: clientLoginState, request: startLoginRequest }
  },
  finishLogin: async ({ prepared, state, response, user, stretching }) => {
    if (!within(minimum, stretching)) return err("weak_stretching")
    const client = await opaque()
    try {
      const made = client.finishLogin({
        password: prepared,
        clientLoginState: state,
        loginResponse: response,
        identifiers: identifiers(user),
        keyStretching: custom(stretching),
      })
      if (!made) return err("wrong_password")
      const { finishLoginRequest, exportKey, sessionKey, serverStaticPublicKey } = made
      return ok({
        finish: finishLoginRequest,
        exportKey: bytes(exportKey),
        sessionKey: bytes(sessionKey),
        serverKey: serverStaticPublicKey,
      })
    } catch {
      // A response that is not one: also a server that we cannot sign in to.
      return err("wrong_password")
    }
  },
})
