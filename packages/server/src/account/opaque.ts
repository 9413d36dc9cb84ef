/**
 * OPAQUE (RFC 9807), the server's half. The library throws for whatever a client may send; here these are values.
 *
 * The user id is both the credential identifier and the client identity, so a record cannot be moved to another account.
 * A name that nobody has gets an id of its own by HMAC, always the same, and runs through the same code with no record:
 * the answer is then made from a record of ours whose password nobody knows (RFC 9807 section 6.3.2.2 asks for a record of that
 * kind). The library can make one up by itself, which spares it the reading of one, and that takes time. The HMAC key derives from
 * the setup, so a backup keeps these ids stable.
 */
import { createHmac, hkdfSync, randomBytes } from "node:crypto"
import { client, ready, server } from "@serenity-kit/opaque"
import { ID_BYTES, type Id, idFrom } from "@teahouse/protocol/ids.ts"
import { label } from "@teahouse/protocol/labels.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"

export type Opaque = {
  /** The server's static public key, which clients pin. */
  readonly publicKey: string
  /** A stable stand-in for a name that nobody has. */
  readonly strangerId: (name: string) => Id
  readonly register: (user: Id, request: string) => Result<string, "malformed">
  /** Whether a login could be started from this record. */
  readonly isRecord: (user: Id, record: string) => boolean
  /** `record` null: nobody has this name. */
  readonly start: (
    user: Id,
    record: string | null,
    request: string,
  ) => Result<{ readonly state: string; readonly response: string }, "malformed">
  /** False for a wrong password, and always where there was no record. */
  readonly finish: (user: Id, state: string, finish: string) => boolean
}

/** A new setup: the house's OPAQUE secret. Losing it locks everybody out. */
export async function createOpaqueSetup(): Promise<string> {
  await ready
  return server.createSetup()
}

export async function createOpaque(setup: string): Promise<Opaque> {
  await ready
  const strangers = new Uint8Array(hkdfSync("sha256", setup, "", label("stranger ids"), 32))
  const identifiers = (user: Id) => ({ client: user as string })
  const probe = client.startLogin({ password: "" }).startLoginRequest

  const nobodys = recordOfNobody(setup)

  const start: Opaque["start"] = (user, record, request) => {
    try {
      const { serverLoginState, loginResponse } = server.startLogin({
        serverSetup: setup,
        userIdentifier: user,
        registrationRecord: record ?? nobodys,
        startLoginRequest: request,
        identifiers: identifiers(user),
      })
      return ok({ state: serverLoginState, response: loginResponse })
    } catch {
      return err("malformed")
    }
  }

  return {
    publicKey: server.getPublicKey(setup),
    strangerId: (name) => idFrom(createHmac("sha256", strangers).update(name).digest().subarray(0, ID_BYTES)),
    register(user, request) {
      try {
        const made = server.createRegistrationResponse({
          serverSetup: setup,
          userIdentifier: user,
          registrationRequest: request,
        })
        return ok(made.registrationResponse)
      } catch {
        return err("malformed")
      }
    },
    isRecord: (user, record) => start(user, record, probe).ok,
    start,
    finish(user, state, finish) {
      try {
        server.finishLogin({
          serverLoginState: state,
          finishLoginRequest: finish,
          identifiers: identifiers(user),
        })
        return true
      } catch {
        return false
      }
    },
  }
}

/** As a client would register, with a password that is forgotten at once. */
function recordOfNobody(setup: string): string {
  const password = randomBytes(32).toString("base64url")
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password })
  const { registrationResponse } = server.createRegistrationResponse({
    serverSetup: setup,
    userIdentifier: "nobody",
    registrationRequest,
  })
  const { registrationRecord } = client.finishRegistration({
    ...{ password, clientRegistrationState, registrationResponse },
    keyStretching: { "argon2id-custom": { memory: 8, iterations: 1, parallelism: 1 } },
  })
  return registrationRecord
}
