/** In the order in which they are applied. A published one is never changed: a correction is a new one. */
import { accounts } from "./0001-accounts.ts"
import { rooms } from "./0002-rooms.ts"
import { blobs } from "./0003-blobs.ts"
import { push } from "./0004-push.ts"
import { people } from "./0005-people.ts"
import { links } from "./0006-links.ts"
import { history } from "./0007-history.ts"
import { recovery } from "./0008-recovery.ts"
import { devices } from "./0009-devices.ts"
import { nodes } from "./0010-nodes.ts"
import { backups } from "./0011-backups.ts"
import { administration } from "./0012-administration.ts"
import { bots } from "./0014-bots.ts"
import { keyLog } from "./0015-key-log.ts"
import { groupMarks } from "./0016-group-marks.ts"
import { retention } from "./0017-retention.ts"
import { looks } from "./0018-looks.ts"
import { cameBack } from "./0019-came-back.ts"

export type Migration = { readonly id: number; readonly name: string; readonly statements: readonly string[] }

export const migrations: readonly Migration[] = [
  { id: 1, name: "accounts", statements: accounts },
  { id: 2, name: "rooms", statements: rooms },
  { id: 3, name: "blobs", statements: blobs },
  { id: 4, name: "push", statements: push },
  { id: 5, name: "people", statements: people },
  { id: 6, name: "links", statements: links },
  { id: 7, name: "history", statements: history },
  { id: 8, name: "recovery", statements: recovery },
  { id: 9, name: "devices", statements: devices },
  { id: 10, name: "nodes", statements: nodes },
  { id: 11, name: "backups", statements: backups },
  { id: 12, name: "administration", statements: administration },
  { id: 14, name: "bots", statements: bots },
  { id: 15, name: "key log", statements: keyLog },
  { id: 16, name: "group marks", statements: groupMarks },
  { id: 17, name: "retention", statements: retention },
  { id: 18, name: "looks", statements: looks },
  { id: 19, name: "came back", statements: cameBack },
]
