/** Which vault opened an account: its version, which each new password or recovery code raises by one, in a life of the house. */
import type { VaultRecord } from "../content/notebook.ts"

type Seen = Pick<VaultRecord, "life" | "version">

/** After a restored backup an older vault is what the house has kept (SECURITY R5); in one and the same life it never is. */
export const isOlderVault = (mine: Seen, seen: Seen): boolean =>
  mine.life < seen.life || (mine.life === seen.life && mine.version < seen.version)
