/**
 * The client as a library, `@teahouse/client/index.ts`. What is exported here is documented in docs/bots.md and stays; everything else can be imported by its
 * file (`@teahouse/client/room/…`) and may change with any version.
 *
 * `createClient` needs a machine: stores, a lock, a clock, the network (`ClientParts`). In Node `openProfile` of
 * `@teahouse/terminal/profile/open-profile.ts` gives a client that keeps itself in SQLite; `memoryStores` and its neighbours here are for
 * tests and for what may forget.
 */
export { type Bot, type BotMessage, type BotOptions, startBot } from "./bot/bot.ts"
export { decodeBotToken } from "./bot/token.ts"
export { type Client, createClient } from "./client.ts"
export { mlsCrypto } from "./crypto/mls-crypto.ts"
export { memoryStages } from "./file/memory-stage.ts"
export type { ClientParts } from "./parts.ts"
export { systemTimers } from "./platform.ts"
export { memoryProfileLock } from "./profile-lock.ts"
export { memoryKeyBox } from "./store/key-box.ts"
export { memoryStores } from "./store/memory.ts"
export type { ClientPort, CommandName, Commands, ViewName, Views } from "./view/port.ts"
export { openWebSocket } from "./web-socket.ts"
