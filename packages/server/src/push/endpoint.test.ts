import { describe, expect, it } from "vitest"
import { checkEndpoint, isPublic } from "./endpoint.ts"

describe("where the house may knock", () => {
  it.each([
    "https://fcm.googleapis.com/fcm/send/abc:def",
    "https://updates.push.services.mozilla.com/wpush/v2/xyz",
    "https://web.push.apple.com/QAbc",
    "https://wns2-par02p.notify.windows.com/w/?token=a%2Fb",
  ])("%s", (endpoint) => {
    expect(checkEndpoint(endpoint, [])?.href).toBe(endpoint)
  })

  it.each([
    "http://fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com:8443/x",
    "https://user@fcm.googleapis.com/x",
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com",
    "https://a.b.notify.windows.com/x",
    "https://notify.windows.com/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "http://169.254.169.254/latest",
    "file:///etc/passwd",
    "not a url",
    "",
    `https://fcm.googleapis.com/${"x".repeat(1100)}`,
  ])("not %s", (endpoint) => {
    expect(checkEndpoint(endpoint, [])).toBeUndefined()
  })

  it("and where the operator says, wherever that is", () => {
    const trusted = ["http://127.0.0.1:9000"]
    expect(checkEndpoint("http://127.0.0.1:9000/me", trusted)?.pathname).toBe("/me")
    expect(checkEndpoint("http://127.0.0.1:9001/me", trusted)).toBeUndefined()
  })
})

describe("a public address", () => {
  it.each(["8.8.8.8", "142.250.1.1", "2a00:1450:4001::1", "::ffff:8.8.4.4"])("is %s", (address) => {
    expect(isPublic(address)).toBe(true)
  })
  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "2001:db8::1",
    "2002:7f00:1::",
    "64:ff9b::7f00:1",
  ])("is not %s", (address) => {
    expect(isPublic(address)).toBe(false)
  })
})
