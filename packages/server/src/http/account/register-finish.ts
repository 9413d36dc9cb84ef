/** The second half: account, first device, first account key and session become true together, or nothing does. */
import { utf8 } from "@teahouse/protocol/bytes.ts"
import { refuse } from "@teahouse/protocol/error.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { idBytes } from "@teahouse/protocol/ids.ts"
import { keyLogSigned } from "@teahouse/protocol/key-log.ts"
import { err, ok } from "@teahouse/protocol/result.ts"
import { normalizeUsername } from "@teahouse/protocol/username.ts"
import { mayRegister } from "../../account/invite.ts"
import { lookOf } from "../../account/looks.ts"
import { newSession, tokenHash } from "../../account/session.ts"
import { checkCertificate } from "../../device/certificate.ts"
import { endpoint } from "../endpoint.ts"

export const registerFinish = endpoint(routes.registerFinish, async ({ request, address, house }) => {
  const limited = house.rates.registered(address)
  if (limited) return err(limited)
  const { user, vault, stretching, accountKey, keyLog = [] } = request
  const name = normalizeUsername(request.username)
  if (name === undefined) return err(refuse("invalid_username"))
  const closed = await mayRegister(house, request)
  if (closed) return err(closed)
  if (!house.opaque.isRecord(user, request.record)) return err(refuse("malformed"))
  const certificate = await checkCertificate(request.certificate, request.signatureKey, {
    house: house.house.id,
    user,
    username: name,
    uik: vault.uik,
  })
  // A new account begins with its first generation; whether one counts from 0 or 1 is the client's business.
  if (!certificate || certificate.generation > 1) return err(refuse("invalid_certificate"))
  // Who is a bot is known by its token; its certificates have to say the same.
  if ((certificate.kind === "bot") !== (request.bot !== undefined)) return err(refuse("invalid_certificate"))
  if (!(await keyLogSigned(vault.uik, keyLog))) return err(refuse("invalid_key_log"))
  const { session, row } = newSession(user, certificate.device, house)
  const written = await house.db.write("account.register", {
    account: {
      id: idBytes(user),
      name: utf8(name),
      kind: certificate.kind === "bot" ? 1 : 0,
      uik: vault.uik,
      generation: certificate.generation,
      record: utf8(request.record),
      stretch_memory: stretching.memory,
      stretch_iterations: stretching.iterations,
      stretch_parallelism: stretching.parallelism,
      vault_version: vault.version,
      vault_key: vault.vaultKey,
      vault_key_signature: vault.vaultKeySignature,
      root_by_password: vault.rootByPassword,
      root_by_recovery: vault.rootByRecovery,
      recovery_key: vault.recoveryKey,
      vault_keys: vault.keys,
      notebook_cursor: 0,
      created: house.now(),
    },
    look: await lookOf(name),
    key: accountKey,
    device: {
      id: idBytes(certificate.device),
      certificate: request.certificate,
      signatureKey: request.signatureKey,
    },
    session: row,
    keyLog: { house: house.house.id, user: idBytes(user), entries: keyLog },
    bot: request.bot ? tokenHash(request.bot) : null,
    invite:
      house.registration.mode() !== "open" && request.invite && !request.bot
        ? tokenHash(request.invite)
        : null,
  })
  return written.ok ? ok({ session }) : written
})
