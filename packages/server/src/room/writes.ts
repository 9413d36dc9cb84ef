/** The writes of rooms, by name (db/writes.ts). Messages are not among them: they have their own way (log.ts). */
import { claimHouse } from "../house/claim.ts"
import { attest } from "./writes/attest.ts"
import { commit } from "./writes/commit.ts"
import { ackWelcomes } from "./writes/epoch.ts"
import { openGeneration } from "./writes/generation.ts"
import { askToJoin, declineJoin, writeLink } from "./writes/joins.ts"
import { notice } from "./writes/notice.ts"
import { dropRoom, openRoom } from "./writes/open.ts"
import { retain } from "./writes/retain.ts"

export const roomWrites = {
  "house.claim": claimHouse,
  "room.open": openRoom,
  "room.commit": commit,
  "room.generation": openGeneration,
  "room.notice": notice,
  "room.link": writeLink,
  "room.askToJoin": askToJoin,
  "room.declineJoin": declineJoin,
  "room.attest": attest,
  "room.drop": dropRoom,
  "room.retain": retain,
  "room.ackWelcomes": ackWelcomes,
} as const
