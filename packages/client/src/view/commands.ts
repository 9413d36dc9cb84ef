/** What a signed-in person can do: every command by name. Signing in and out is the session's business (client.ts). */
import { accountCommands, type SessionCommand } from "./commands/account.ts"
import { contactCommands } from "./commands/contacts.ts"
import { exportCommands } from "./commands/export.ts"
import { fileCommands } from "./commands/files.ts"
import type { Handlers } from "./commands/handler.ts"
import { messageCommands } from "./commands/messages.ts"
import { roomCommands } from "./commands/rooms.ts"
import { stickerCommands } from "./commands/stickers.ts"
import { toldCommands } from "./commands/told.ts"
import type { CommandName } from "./port.ts"

export type HomeCommand = Exclude<CommandName, SessionCommand>

export const homeCommands: Handlers<HomeCommand> = {
  ...accountCommands,
  ...contactCommands,
  ...exportCommands,
  ...fileCommands,
  ...messageCommands,
  ...roomCommands,
  ...stickerCommands,
  ...toldCommands,
}
