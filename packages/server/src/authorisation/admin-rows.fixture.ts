/** Rows of the matrix: administration. The owner of a room is nobody here, and an administrator is nobody in a room. */
import type { Row, Rows } from "./row.fixture.ts"
import type { World } from "./world.fixture.ts"

const chiefs = (ask: Row["ask"] = () => ({})): Row => ({ door: "admin", ask, answers: { chief: "ok" } })
const on = (user: (world: World) => string, request: object = {}) =>
  chiefs((world) => ({ params: { user: user(world) }, request }))

export const adminRows = {
  amAdmin: {
    door: "device",
    ask: () => ({}),
    saw: ({ admin }: { admin: boolean }) => String(admin),
    answers: { rest: "false", chief: "true" },
  },
  adminUsers: chiefs(() => ({ request: {} })),
  adminDisable: on(({ pawn }) => pawn),
  adminEnable: on(({ pawn }) => pawn),
  adminReset: on(({ pawn }) => pawn),
  adminQuota: on(({ pawn }) => pawn, { bytes: null }),
  adminInvites: chiefs(),
  adminCreateInvite: chiefs(() => ({ request: { uses: 1, life: 3_600_000 } })),
  adminRevokeInvite: chiefs(({ invite }) => ({ params: { invite }, request: {} })),
  adminRooms: chiefs(() => ({ request: {} })),
  adminStats: chiefs(),
  adminLive: chiefs(),
  adminAudit: chiefs(() => ({ request: {} })),
} satisfies Record<string, Rows>
