// What the version to come has that this one has not: one more field in nearly everything that travels, a frame in each direction and a word in a
// list. Each is a text of this version's source and what takes its place; one that is not found any more fails whoever asks.
// Where it keeps to the rules it asks which minor both have. Where it breaks them on purpose (`rude`), it says what the other does not know.

/** @type {Readonly<Record<string, readonly (readonly [from: string, to: string])[]>>} */
export const changes = {
  "protocol/src/version.ts": [["{ major: 1, minor: 0 }", "{ major: 1, minor: 1 }"]],
  "protocol/src/up.ts": [
    ['t: z.literal("ping")', 't: z.literal("ping"), loudly: z.optional(z.boolean())'],
    ["ephemeral, ping])", 'ephemeral, ping, z.strictObject({ t: z.literal("shout") })])'],
  ],
  "protocol/src/down.ts": [
    ['t: z.literal("entries"),', 't: z.literal("entries"), weather: z.optional(z.string()),'],
    ["  failed,\n]", '  failed,\n  z.strictObject({ t: z.literal("weather"), says: z.string() }),\n]'],
    ['  "history",\n', '  "history",\n  "weather",\n'],
  ],
  "protocol/src/http/account.ts": [
    ["    minor: position,\n", "    minor: position,\n    weather: z.optional(z.string()),\n"],
    ["z.strictObject({ username }),", "z.strictObject({ username, tongue: z.optional(z.string()) }),"],
  ],
  "server/src/bus/message.ts": [
    ["leaving: z.boolean() }", "leaving: z.boolean(), minor: z.optional(z.number()) }"],
  ],
  "server/src/house/nodes.ts": [
    ['kind: "alive", node, leaving: false', 'kind: "alive", node, leaving: false, minor: 1'],
  ],
  "server/src/http/account/house.ts": [["time: house.now(),", 'time: house.now(), weather: "rain",']],
  // Packed once for all, whatever version they have, also those who listen at another node.
  "server/src/room/encode.ts": [['t: "entries",', 't: "entries",\n    weather: "rain",']],
  "server/src/socket/hub.ts": [
    ["user, topics, ...(except", 'user, topics: ["weather", ...topics], ...(except'],
  ],
  "server/src/socket/connection.ts": [
    // Rude.
    ['say({ t: "ready"', 'say({ t: "weather", says: "rain" })\n    say({ t: "ready"'],
  ],
  "server/src/socket/dispatch.ts": [
    [
      '    case "ping":',
      '    case "shout":\n      console.log("a shout was heard")\n      return undefined\n    case "ping":',
    ],
  ],
  "client/src/account/login.ts": [["{ request: { username } }", '{ request: { username, tongue: "zh" } }']],
  "client/src/socket.ts": [
    ["import { protocolVersion,", "import { agreed, protocolVersion,"],
    ["let otherVersion = false", "let otherVersion = false\n  let both = 0"],
    [
      "if (!speaks(challenge)) otherVersion = true",
      "both = agreed(challenge)\n    if (!speaks(challenge)) otherVersion = true",
    ],
    // The last one is rude.
    [
      "      ready = true\n",
      '      ready = true\n      if (both >= 1) socket?.send(encodeUp({ t: "shout" }))\n      socket?.send(encodeUp({ t: "ping", loudly: true }))\n',
    ],
  ],
}
