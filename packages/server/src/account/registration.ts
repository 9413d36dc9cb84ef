/**
 * Who may register (SECURITY "Sessions and edges"). Anybody, while the house listens on a loopback address, has no public
 * name and has never been spoken to through a proxy: then only people at this machine can reach it. Otherwise only who has
 * an invitation. As soon as a forwarding header is seen it is closed for as long as the process lives, and the header is
 * looked at before the request that brings it is answered.
 *
 * The configuration may ask for less: `invite` by invitation in any case, `closed` nobody at all, invitations that are out included. Two
 * come in even then: the first administrator by the link in the house's own folder, and a person's bots by its token.
 */
export const registrations = ["auto", "invite", "closed"] as const
export type RegistrationAsked = (typeof registrations)[number]

export type Registration = {
  readonly mode: () => "open" | "invite" | "closed"
  /** A request came through a proxy. */
  readonly forwarded: () => void
}

export function createRegistration(
  reachable: boolean,
  onClosed: () => void,
  asked: RegistrationAsked = "auto",
): Registration {
  let closed = reachable || asked !== "auto"
  return {
    mode: () => (asked === "closed" ? "closed" : closed ? "invite" : "open"),
    forwarded() {
      if (closed) return
      closed = true
      onClosed()
    },
  }
}
