/**
 * The judge as a port: all that a house asks it of bytes that somebody hands over. A house is given `mlsJudge`. The
 * simulation (test/sim) gives it one that reads its own transparent bytes and answers with the same reasons, so that the
 * room log runs ten thousand times as it is, and the rules of roles.ts, joins.ts and identity.ts with it.
 */
import { judgeCommit } from "./commit.ts"
import { judgeGeneration } from "./generation.ts"
import { attestedBy, judgeGroupInfo, judgeWelcome } from "./group-info.ts"
import { judgeKeyPackage } from "./key-package.ts"
import { openRoomState } from "./open.ts"

export type Judge = {
  readonly open: typeof openRoomState
  readonly commit: typeof judgeCommit
  readonly groupInfo: typeof judgeGroupInfo
  readonly welcome: typeof judgeWelcome
  readonly generation: typeof judgeGeneration
  readonly keyPackage: typeof judgeKeyPackage
  readonly attestedBy: typeof attestedBy
}

export const mlsJudge: Judge = {
  open: openRoomState,
  commit: judgeCommit,
  groupInfo: judgeGroupInfo,
  welcome: judgeWelcome,
  generation: judgeGeneration,
  keyPackage: judgeKeyPackage,
  attestedBy,
}
