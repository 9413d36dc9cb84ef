/**
 * The one door between the client core and a screen, the same for the web page (over a MessagePort from its worker)
 * and the terminal (in its own process). A screen subscribes to views and gets whole, small snapshots, each newer than
 * the last; it changes things by commands. Everything is plain, structured-cloneable data. The screen holds only what
 * is being typed. Snapshots instead of patches: every view here is a window of bounded size, and a snapshot cannot
 * drift. Commands answer with a value; `error` is an error kind with its sentences in protocol/error.ts.
 * What it speaks of stands in port/, a file for each part of the house.
 */
import type { AccountCommands, AccountViews } from "./port/account.ts"
import type { AdminCommands } from "./port/admin.ts"
import type { CommandResult } from "./port/basic.ts"
import type { BotCommands } from "./port/bots.ts"
import type { ContactCommands, ContactViews } from "./port/contacts.ts"
import type { ExportCommands } from "./port/export.ts"
import type { FileCommands, FileViews } from "./port/files.ts"
import type { ImportCommands } from "./port/imports.ts"
import type { MessageCommands, MessageViews } from "./port/messages.ts"
import type { RoomCommands, RoomViews } from "./port/rooms.ts"
import type { SearchViews } from "./port/search.ts"
import type { StickerCommands, StickerViews } from "./port/stickers.ts"
import type { ToldCommands, ToldViews } from "./port/told.ts"

export type Views = AccountViews &
  ContactViews &
  FileViews &
  MessageViews &
  RoomViews &
  SearchViews &
  StickerViews &
  ToldViews
export type Commands = AccountCommands &
  AdminCommands &
  BotCommands &
  ContactCommands &
  ExportCommands &
  FileCommands &
  ImportCommands &
  MessageCommands &
  RoomCommands &
  StickerCommands &
  ToldCommands

export type ViewName = keyof Views
export type CommandName = keyof Commands
export type ViewArgs<V extends ViewName> = Views[V]["args"]
export type ViewValue<V extends ViewName> = Views[V]["value"]
export type CommandArgs<C extends CommandName> = Commands[C]["args"]
export type CommandValue<C extends CommandName> = Commands[C]["value"]

export interface ClientPort {
  /** `listener` gets the present value at once (asynchronously) and each newer one. Returns how to stop. */
  subscribe<V extends ViewName>(
    view: V,
    args: ViewArgs<V>,
    listener: (value: ViewValue<V>) => void,
  ): () => void
  command<C extends CommandName>(name: C, args: CommandArgs<C>): Promise<CommandResult<CommandValue<C>>>
}
