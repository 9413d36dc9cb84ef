import type { Id } from "@teahouse/protocol/ids.ts"
import { befriend, type Person } from "./person.ts"

/** All make an account; lan owns a group with bo, and with eve, who is an admin of it. */
export async function groupOf({ lan, bo, eve }: Readonly<Record<"lan" | "bo" | "eve", Person>>): Promise<Id> {
  for (const [name, one] of Object.entries({ lan, bo, eve })) await one.register(name)
  await befriend(lan, "lan", bo, "bo")
  await befriend(lan, "lan", eve, "eve")
  const { friends } = await lan.until("contacts", undefined, (value) => value.friends.length === 2)
  const { room } = await lan.must("createGroup", {
    name: "Tea 茶",
    members: friends.map(({ user }) => user),
  })
  const admin = friends.find(({ username }) => username === "eve")?.user as Id
  await lan.must("setAdmin", { room, user: admin, on: true })
  return room
}
