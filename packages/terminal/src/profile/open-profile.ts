/**
 * A profile: one account on one house, in a folder of its own, as a browser's account slot is one. `DATA/profiles/NAME/` holds
 * `profile.json` (the house's address), `stores/` (sealed records), `keys/` (what opens them), `files/` (ciphertexts), `lock`;
 * and what was set aside because it could not be read in `damaged/`, with a note (`damaged.txt`) until somebody has signed in again.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Client, createClient } from "@teahouse/client/client.ts"
import { mlsCrypto } from "@teahouse/client/crypto/mls-crypto.ts"
import type { ClientParts } from "@teahouse/client/parts.ts"
import { systemTimers } from "@teahouse/client/platform.ts"
import { memoryProfileLock } from "@teahouse/client/profile-lock.ts"
import type { Stores } from "@teahouse/client/store/port.ts"
import { openWebSocket } from "@teahouse/client/web-socket.ts"
import { err, ok, type Result } from "@teahouse/protocol/result.ts"
import { type Damage, openDamageNote } from "./damage-note.ts"
import { folderStages } from "./folder-stages.ts"
import { keyFiles } from "./key-files.ts"
import { lockProfile } from "./profile-lock.ts"
import { isProfileName } from "./profile-name.ts"
import { sameHouse } from "./same-house.ts"
import { sqliteStores, storeFile } from "./sqlite-stores.ts"

export type Profile = {
  readonly name: string
  readonly folder: string
  readonly server: string
  readonly client: Client
  /** What of it could not be read, as long as nobody has signed in since. */
  damaged(): Damage | undefined
  /** What was found damaged since it was opened, also where somebody has signed in since. */
  found(): readonly Damage[]
  /** Stops the client and lets the profile go. */
  close(): Promise<void>
}

export type NoProfile =
  /** Not a name that a profile may have. */
  | { readonly kind: "bad_profile_name" }
  /** It was never made, and no house was named to make it for. */
  | { readonly kind: "no_profile" }
  /** Not an http or https address. */
  | { readonly kind: "bad_server" }
  /** It belongs to another house. */
  | { readonly kind: "other_server"; readonly server: string }
  /** It is somebody's, and which house it belongs to cannot be read any more: the house has to be named. */
  | { readonly kind: "lost_server" }
  /** It is somebody's, which house it belongs to cannot be read any more, and the one that was named is another. */
  | { readonly kind: "not_its_server"; readonly server: string }
  | { readonly kind: "profile_in_use" }

export type ProfileOptions = {
  /** The folder of everything; profiles lie in `profiles/` in it. */
  readonly dataHome: string
  readonly profile: string
  /** The house's address; needed where the profile is new. */
  readonly server?: string | undefined
  /** How long another process may take to let it go, ms. */
  readonly patienceMs?: number
  /** For tests, and for commands that end soon. */
  readonly parts?: Partial<ClientParts>
}

export async function openProfile(options: ProfileOptions): Promise<Result<Profile, NoProfile>> {
  const { dataHome, profile: name, patienceMs = 2_000 } = options
  if (!isProfileName(name)) return err({ kind: "bad_profile_name" })
  const folder = join(dataHome, "profiles", name)
  const known = readServer(folder)
  const wanted = options.server === undefined ? known : originOf(options.server)
  if (wanted === undefined) {
    if (options.server !== undefined) return err({ kind: "bad_server" })
    return err({ kind: hasAccount(folder) ? "lost_server" : "no_profile" })
  }
  const other = known !== undefined && known !== wanted ? known : undefined
  if (other !== undefined && hasAccount(folder)) return err({ kind: "other_server", server: other })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const release = await lockProfile(join(folder, "lock"), patienceMs)
  if (!release)
    return err(other === undefined ? { kind: "profile_in_use" } : { kind: "other_server", server: other })
  try {
    // Whoever had the lock meanwhile may have made the profile somebody's.
    const now = readServer(folder)
    const left = now !== undefined && now !== wanted ? now : undefined
    if (left !== undefined && hasAccount(folder)) {
      release()
      return err({ kind: "other_server", server: left })
    }
    // An address that was mistyped, and with which nobody could sign in, does not keep the profile for ever.
    if (left !== undefined) rmSync(join(folder, "stores"), { recursive: true, force: true })
    const note = openDamageNote(join(folder, "damaged.txt"))
    const disk = sqliteStores(join(folder, "stores"), (file) => note.found({ what: "store", file }))
    const stores: Stores = {
      ...disk,
      async forget(name) {
        await disk.forget?.(name)
        note.over()
      },
    }
    const isItsHouse = () => sameHouse(stores, wanted, options.parts?.fetch ?? fetch)
    const house = now === undefined && hasAccount(folder) ? await isItsHouse() : "same"
    if (house === "another") {
      release()
      return err({ kind: "not_its_server", server: wanted })
    }
    if (house === "same" && now !== wanted) writeServer(folder, wanted)
    const client = createClient({
      origin: wanted,
      profile: "1",
      stores,
      keyBox: keyFiles(join(folder, "keys"), (file) => note.found({ what: "key", file })),
      stages: folderStages(join(folder, "files")),
      lock: memoryProfileLock(),
      crypto: mlsCrypto,
      fetch,
      openSocket: openWebSocket,
      clock: Date.now,
      timers: systemTimers,
      jitter: Math.random,
      ...options.parts,
    })
    const unsubscribe = client.subscribe("session", undefined, ({ state }) => {
      if (state === "signed_in") note.over()
    })
    // Which house it is can be compared only now: before that nothing says whose profile this is.
    let settling: Promise<void> | undefined
    const settle = async () => {
      if ((await isItsHouse()) === "same") writeServer(folder, wanted)
      else settling = undefined
    }
    const unsettled =
      house === "same"
        ? () => {}
        : client.subscribe("connection", undefined, ({ state }) => {
            if (state === "connected") settling ??= settle()
          })
    const close = async () => {
      unsubscribe()
      unsettled()
      await settling
      await client.stop()
      release()
    }
    return ok({ name, folder, server: wanted, client, damaged: note.current, found: note.all, close })
  } catch (error) {
    release()
    throw error
  }
}

/** Whether there are stores besides the list of accounts: then it is somebody's, signed in or not. */
function hasAccount(folder: string): boolean {
  const stores = join(folder, "stores")
  const index = storeFile("index")
  return existsSync(stores) && readdirSync(stores).some((file) => !file.startsWith(index))
}

const fileOf = (folder: string) => join(folder, "profile.json")

function readServer(folder: string): string | undefined {
  if (!existsSync(fileOf(folder))) return undefined
  try {
    const { server } = JSON.parse(readFileSync(fileOf(folder), "utf8")) as { server?: unknown }
    return typeof server === "string" ? originOf(server) : undefined
  } catch (error) {
    // It is asked for again, and compared with what the store knows (same-house.ts).
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined
    throw error
  }
}

function writeServer(folder: string, server: string): void {
  writeFileSync(`${fileOf(folder)}.new`, `${JSON.stringify({ server })}\n`, { mode: 0o600 })
  renameSync(`${fileOf(folder)}.new`, fileOf(folder))
}

/** "house.example" is meant as https, an address of this machine as http. */
export function originOf(text: string): string | undefined {
  const local = /^(localhost|127\.|\[::1\])/.test(text)
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `${local ? "http" : "https"}://${text}`)
  return url && /^https?:$/.test(url.protocol) && url.username === "" && url.password === ""
    ? url.origin
    : undefined
}
