/** One's settings and the connection; signing in and out is the session's business (client.ts). */
import type { AccountCommands } from "../port/account.ts"
import { done, type Handlers, notFound } from "./handler.ts"

export type SessionCommand =
  | "createAccount"
  | "confirmRecoveryCode"
  | "signIn"
  | "recover"
  | "signOut"
  | "changePassword"
  | "beginExport"
  | "deleteAccount"
  | "revokeDevice"

export const accountCommands: Handlers<Exclude<keyof AccountCommands, SessionCommand>> = {
  async setSettings(home, settings) {
    const set = await home.settings.set(settings)
    if (set.ok) home.flush()
    return set
  },
  async setPicture(home, { picture }) {
    const set = await home.settings.setPicture(picture)
    if (set.ok) home.flush()
    return set
  },
  async nameDevice(home, { device, name }) {
    const named = await home.devices.name(device, name)
    if (named.ok) home.flush()
    return named
  },
  async reconnect(home) {
    home.reconnect()
    return done
  },
  async dismissAlarm(home, { id }) {
    return (await home.alarms.dismiss(id)) ? done : notFound
  },
}
