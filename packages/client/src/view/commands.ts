/** What a signed-in person can do: every command by name. Signing in and out is the session's business (client.ts). */
import { accountCommands, type SessionCommand } from "./commands/account.ts"
import { fileCommands } from "./commands/files.ts"
import { type Handlers, later } from "./commands/handler.ts"
import { messageCommands } from "./commands/messages.ts"
import { stickerCommands } from "./commands/stickers.ts"
import { toldCommands } from "./commands/told.ts"
import type { BotCommands } from "./port/bots.ts"
import type { ContactCommands } from "./port/contacts.ts"
import type { ExportCommands } from "./port/export.ts"
import type { ImportCommands } from "./port/imports.ts"
import type { RoomCommands } from "./port/rooms.ts"
import type { CommandName } from "./port.ts"

export type HomeCommand = Exclude<CommandName, SessionCommand>

/** What people do now and then is loaded when they do it. */
const rooms = later<keyof RoomCommands | keyof BotCommands | keyof ImportCommands>(
  {
    ...{ createGroup: 1, inviteToGroup: 1, removeFromGroup: 1, leaveGroup: 1, dissolveGroup: 1, handOver: 1 },
    ...{ renameGroup: 1, setAnnouncement: 1, seeAnnouncement: 1, setGroupPicture: 1, groupPicture: 1 },
    ...{ setAdmin: 1, setGroupNick: 1, setInviteRule: 1, setPastRule: 1, setHabits: 1 },
    ...{ createLink: 1, revokeLink: 1, lookAtLink: 1, askToJoin: 1, forgetJoining: 1, answerJoin: 1 },
    ...{ makeBotToken: 1, ownBots: 1, removeBot: 1 },
    ...{ beginImport: 1, importBlock: 1, endImport: 1, dropImport: 1, importedLines: 1, ownImports: 1 },
  },
  async () => (await import("./commands/rooms.ts")).roomCommands,
)
const contacts = later<keyof ContactCommands>(
  {
    requestFriend: 1,
    acceptRequest: 1,
    declineRequest: 1,
    removeFriend: 1,
    setRemark: 1,
    setTags: 1,
    setVerified: 1,
    checkSafetyCode: 1,
    acceptIdentity: 1,
    block: 1,
    unblock: 1,
  },
  async () => (await import("./commands/contacts.ts")).contactCommands,
)
const exporting = later<Exclude<keyof ExportCommands, SessionCommand>>(
  { endExport: 1, exportSelf: 1, exportPicture: 1, exportFavourite: 1, exportChats: 1, exportPage: 1 },
  async () => (await import("./commands/export.ts")).exportCommands,
)

const administering = later<"administer">(
  { administer: 1 },
  async () => (await import("./commands/admin.ts")).adminCommands,
)

export const homeCommands: Handlers<HomeCommand> = {
  ...accountCommands,
  ...administering,
  ...contacts,
  ...exporting,
  ...fileCommands,
  ...messageCommands,
  ...rooms,
  ...stickerCommands,
  ...toldCommands,
}
