import { expect, test } from "vitest"
import { parseIni } from "./ini.ts"

const parse = (text: string) => parseIni(new TextEncoder().encode(text))

test("pairs with their lines, in any case and either way of writing, between comments", () => {
  const text =
    "\uFEFF# 注释\r\n[ Server ]\r\n\r\nHTTP_PORT = 8000\r\n; SOCKET_PORT = 1\r\nname: a = b # c \r\nempty ="
  expect(parse(text)).toEqual({
    entries: [
      { section: "server", key: "http_port", name: "HTTP_PORT", value: "8000", line: 4 },
      { section: "server", key: "name", name: "name", value: "a = b # c", line: 6 },
      { section: "server", key: "empty", name: "empty", value: "", line: 7 },
    ],
    mistakes: [],
  })
})

test("a line that is no pair, stands in no section, or repeats another is named with its number", () => {
  expect(parse("port = 1\n[server]\nport 2\nport = 3\nPORT = 4\n[limits]\nport = 5").mistakes).toEqual([
    { line: 1, kind: "no_section", text: "port" },
    { line: 3, kind: "no_pair", text: "port 2" },
    { line: 5, kind: "twice", text: "PORT", first: 4 },
  ])
})

test("a file of a Chinese Windows, which is no UTF-8, is read as well", () => {
  // 数据 in GB 18030.
  const bytes = new Uint8Array([...new TextEncoder().encode("[server]\ndata = "), 0xca, 0xfd, 0xbe, 0xdd])
  expect(parseIni(bytes).entries[0]?.value).toBe("数据")
})
