/** The checker itself, and what the documents of this repository say. */
import { expect, test } from "vitest"
import {
  commandProblems,
  dependencyProblems,
  foreignProblems,
  linkProblems,
  pathProblems,
  problems,
  stations,
  threatProblems,
} from "./docs.ts"
import { wireFields } from "./wire-fields.ts"

test("the documents are true", () => {
  expect(problems()).toEqual([])
})

test("a path that misses a station, turns round or names what is not there", () => {
  const files = [
    "web/src/composer.tsx",
    "client/src/view/commands.ts",
    "client/src/room/room.ts",
    "client/src/room/outbox.ts",
    "client/src/crypto/seal.ts",
    "client/src/store/port.ts",
    "client/src/socket.ts",
    "server/src/socket/connection.ts",
    "server/src/socket/dispatch.ts",
    "server/src/room/send.ts",
    "server/src/room/log.ts",
    "server/src/room/fanout.ts",
    "server/src/bus/port.ts",
    "server/src/room/subscription.ts",
    "server/src/socket/connection.ts",
    "client/src/socket.ts",
    "client/src/room/inbox.ts",
    "client/src/crypto/open.ts",
    "client/src/store/port.ts",
    "client/src/view/timeline.ts",
    "web/src/timeline.tsx",
  ]
  const say = (list: string[]) => list.map((file) => `\`packages/${file}\``).join("\n")
  expect(files).toHaveLength(stations.length)
  expect(pathProblems(say(files), () => true)).toEqual([])
  expect(pathProblems(say(files.toReversed()), () => true)).not.toEqual([])
  for (const file of new Set(files)) {
    expect(pathProblems(say(files.filter((other) => other !== file)), () => true)).not.toEqual([])
    expect(pathProblems(say(files), (path) => path !== `packages/${file}`)).not.toEqual([])
  }
})

test("a field, route or frame that the threats do not name, or that no longer travels", () => {
  const fields = new Map([["up send", ["body", "room"]]])
  const row = (cells: string) => threatProblems(`| \`up send\` | ${cells} | all | why |`, fields)
  expect(row("`room` | `body`")).toEqual([])
  expect(row("`room` | ")).toEqual(["docs/threats.md, up send: says nothing of body"])
  expect(row("`room` `time` | `body`")).toEqual(["docs/threats.md, up send: time does not travel"])
  expect(threatProblems("", fields)).toEqual(["docs/threats.md has no row for up send"])
  expect(threatProblems("| `up send` | `room` | `body` | | |\n| `up shout` | | | | |", fields)).toEqual([
    "docs/threats.md: up shout does not exist",
  ])
})

test("the fields are found at every depth", () => {
  const rows = wireFields()
  expect(rows.get("up send")).toEqual([
    "blob",
    "blobs",
    "body",
    "epoch",
    "generation",
    "items",
    "n",
    "room",
    "token",
  ])
  expect(rows.get("down entries")).toContain("{entry}")
  expect(rows.get("sendRequest")).toContain("sealed")
})

test("a dependency without a reason or without one exact version", () => {
  const packages = [
    { dependencies: { zod: "4.6.7", "@teahouse/judge": "0.1.0" } },
    { optionalDependencies: { ws: "^8.0.0" } },
  ]
  expect(dependencyProblems("`zod`", packages)).toEqual([
    "docs/dependencies.md says nothing of ws",
    "ws: ^8.0.0 is not one exact version",
  ])
})

test("commands, links and places of one machine", () => {
  expect(
    commandProblems("a.md", "`npm ci && npm start`, with npm first\n\n    npm run verify && npm run party", [
      "start",
      "verify",
    ]),
  ).toEqual(["a.md: there is no npm script party"])
  expect(
    linkProblems(
      "docs/a.md",
      "[a](b.md) [c](../d.md#e) [f](https://example.org)",
      (path) => path === "docs/b.md",
    ),
  ).toEqual(["docs/a.md: the link ../d.md leads nowhere"])
  expect(foreignProblems("docs/a.md", `see ${["", "tmp", "x"].join("/")}`)).toHaveLength(1)
  expect(foreignProblems("a.ts", `see ${["", "home", "li", "x"].join("/")}`)).toHaveLength(1)
  expect(foreignProblems("a.ts", "see ./x and /rooms/x")).toEqual([])
})
