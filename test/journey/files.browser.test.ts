/** Files and pictures between two people on a real house: they arrive whole, whatever happens to the line on the way. */
import { createHash } from "node:crypto"
import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { exifSegment, jpeg, png } from "@teahouse/client/media/samples.fixture.ts"
import type { Browser, Download, Locator } from "playwright-core"
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { heapBytes } from "../../bench/browser/heap.ts"
import { openBrowser, openProfile } from "../browser.ts"
import { type Cable, openCable } from "../cable.ts"
import { type House, openHouse } from "../house.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"
import { befriend, openTab, type Person } from "./person.ts"

const SECRET = "three quiet cups of oolong"
const MB = 1024 * 1024
/** Under a loaded machine everything takes longer; what does not come at all still fails. */
const PATIENCE = 120_000
const chromium = need("Chromium (the journeys with files)", chromiumPath() !== undefined)

type Upload = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }
const upload = (name: string, bytes: Uint8Array | string, mimeType = ""): Upload => ({
  name,
  mimeType,
  buffer: Buffer.from(bytes as Uint8Array),
})

describe.runIf(chromium)("files in a house", () => {
  const folder = mkdtempSync(join(tmpdir(), "teahouse-files-"))
  let browser: Browser
  let house: House
  let cable: Cable
  let lilei: Person
  let mei: Person
  /** Every test of this machine that measures heaps has a port of its own process. */
  const debugging = 20_000 + (process.pid % 20_000)

  beforeAll(async () => {
    browser = await openBrowser([`--remote-debugging-port=${debugging}`])
    // A file may be 512 MiB where nobody says otherwise; the largest here is one of 1 GiB.
    const raised = {
      TEAHOUSE_LIMIT_FILE_BYTES: `${1200 * MB}`,
      TEAHOUSE_LIMIT_USER_FILE_BYTES: `${4000 * MB}`,
    }
    house = await openHouse({ environment: raised })
    cable = await openCable(house.port)
    // The sender's line can be cut, the other one's not.
    lilei = await openTab(await openProfile(browser), cable.url)
    mei = await openTab(await openProfile(browser), house.url)
    await Promise.all([lilei.createAccount("lilei", SECRET), mei.createAccount("meimei", SECRET)])
    await befriend(lilei, "lilei", mei, "meimei")
    for (const { page } of [lilei, mei]) {
      page.setDefaultTimeout(PATIENCE)
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined))
    }
  })
  afterEach(() => cable.restore())
  afterAll(async () => {
    await browser?.close()
    await cable?.close()
    await house?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const log = (who: Person) => who.named("log", "Messages")
  const article = (who: Person, name: string): Locator =>
    log(who).getByRole("article").filter({ hasText: name }).last()
  const picture = (who: Person, name: string) => log(who).getByRole("img", { name, exact: true })
  const send = async (who: Person, ...files: readonly (Upload | string)[]) => {
    const [chooser] = await Promise.all([
      who.page.waitForEvent("filechooser"),
      who.named("button", "Attach file").click(),
    ])
    await chooser.setFiles(files as string[])
    const dialog = who.named("dialog", "Send files")
    await dialog.getByRole("button", { name: "Send", exact: true }).click()
    await dialog.waitFor({ state: "detached" })
  }
  /** A file that does not compress, of which no two parts are alike. */
  const large = (name: string, bytes: number): string => {
    const path = join(folder, name)
    const file = openSync(path, "w")
    truncateSync(path, bytes)
    for (let at = 0; at < bytes; at += 4 * MB) writeSync(file, `part at ${at}`, at)
    closeSync(file)
    return path
  }
  const sum = async (stream: AsyncIterable<Uint8Array>) => {
    const hash = createHash("sha256")
    for await (const part of stream) hash.update(part)
    return hash.digest("hex")
  }
  const save = async (who: Person, name: string): Promise<Download> => {
    const [download] = await Promise.all([
      who.page.waitForEvent("download"),
      article(who, name).getByRole("button", { name: /^Save/ }).click(),
    ])
    return download
  }
  const arrives = async (name: string, path: string) => {
    const download = await save(mei, name)
    expect(download.suggestedFilename()).toBe(name)
    expect(await sum(createReadStream(await download.path()))).toBe(await sum(createReadStream(path)))
  }
  const running = (name: string) =>
    article(lilei, name)
      .getByText(/^[1-9]\d? % ·/)
      .waitFor()

  test("UX 21, 23: a picture arrives by its name, whole, and without the place where it was taken", async () => {
    await send(lilei, upload("tea house.png", png(640, 480), "image/png"))
    await picture(mei, "tea house.png").waitFor()
    await expect
      .poll(() => picture(mei, "tea house.png").evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBe(320)
    await picture(mei, "tea house.png").click()
    const viewer = mei.named("dialog", "Picture viewer")
    await expect
      .poll(
        () =>
          viewer
            .getByRole("img", { name: "tea house.png", exact: true })
            .evaluate((img: HTMLImageElement) => img.naturalWidth),
        { timeout: PATIENCE },
      )
      .toBe(640)
    const savedFrom = async () => {
      const [download] = await Promise.all([
        mei.page.waitForEvent("download"),
        viewer.getByRole("button", { name: "Save picture" }).click(),
      ])
      return download
    }
    expect((await savedFrom()).suggestedFilename()).toBe("tea house.png")
    await mei.page.keyboard.press("Escape")

    await send(lilei, upload("place.jpg", jpeg([exifSegment(1)]), "image/jpeg"))
    await picture(mei, "place.jpg").click()
    const stream = createReadStream(await (await savedFrom()).path())
    const received: Buffer[] = []
    for await (const part of stream) received.push(part as Buffer)
    expect(Buffer.concat(received).toString("latin1")).not.toMatch(/Exif|GPS|SECRET/)
    await mei.page.keyboard.press("Escape")
  })

  test("UX 22: a plain file is saved by its name, byte for byte", async () => {
    const path = join(folder, "menu.pdf")
    writeFileSync(path, "%PDF-1.7 twelve teas")
    await send(lilei, path)
    await arrives("menu.pdf", path)
  })

  test("several messages are forwarded as one: their pictures are seen in it, and their files saved from it", async () => {
    await article(mei, "menu.pdf").click({ button: "right" })
    await mei.page.getByRole("menuitem", { name: "Select", exact: true }).click()
    await log(mei)
      .getByRole("article")
      .filter({ has: mei.page.getByRole("img", { name: "tea house.png", exact: true }) })
      .click({ position: { x: 40, y: 20 } })
    await mei.page.getByText("2 selected").waitFor()
    await mei.page.getByRole("button", { name: "Forward as one" }).click()
    const to = mei.page.getByRole("dialog", { name: "Forward to" })
    await to.getByRole("checkbox", { name: "lilei" }).check()
    await to.getByRole("button", { name: "Send", exact: true }).click()
    await to.waitFor({ state: "hidden" })
    await log(lilei)
      .getByRole("button", { name: /^Open / })
      .last()
      .click()
    const bundle = lilei.page.getByRole("dialog").last()
    const shown = bundle.getByRole("img", { name: "tea house.png", exact: true })
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(320)
    const [download] = await Promise.all([
      lilei.page.waitForEvent("download"),
      bundle.getByRole("button", { name: "Save menu.pdf" }).click(),
    ])
    expect(await sum(createReadStream(await download.path()))).toBe(
      await sum(createReadStream(join(folder, "menu.pdf"))),
    )
    await shown.click()
    const viewer = lilei.named("dialog", "Picture viewer")
    const large = viewer.getByRole("img", { name: "tea house.png", exact: true })
    await expect
      .poll(() => large.evaluate((img: HTMLImageElement) => img.naturalWidth), { timeout: PATIENCE })
      .toBe(640)
    await lilei.page.keyboard.press("Escape")
    await viewer.waitFor({ state: "detached" })
    // One Esc for each of the two.
    expect(await bundle.isVisible()).toBe(true)
    await lilei.page.keyboard.press("Escape")
    await bundle.waitFor({ state: "detached" })
  })

  test("what others send is kept in a folder as it comes, also what they forwarded as one", async () => {
    const { page } = lilei
    // The chooser of a folder is the browser's own window; what it would give is a folder all the same.
    await page.evaluate(() => {
      const pick = async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle("kept", { create: true })
      Object.assign(globalThis, { showDirectoryPicker: pick })
    })
    const kept = () =>
      page.evaluate(async () => {
        const found: Record<string, number> = {}
        const top = await (await navigator.storage.getDirectory()).getDirectoryHandle("kept")
        for await (const [chat, folder] of top.entries())
          if (folder instanceof FileSystemDirectoryHandle)
            for await (const [name, file] of folder.entries())
              if (file instanceof FileSystemFileHandle) found[`${chat}/${name}`] = (await file.getFile()).size
        return found
      })
    await lilei.go("Settings")
    await lilei.named("button", "Choose folder for files").click()
    const forwarded = { "meimei/menu.pdf": 20, "meimei/tea house.png": expect.any(Number) }
    await expect.poll(kept, { timeout: PATIENCE }).toEqual(forwarded)
    await send(mei, upload("menu.pdf", "thirteen"), upload("../../steps.txt", "one, two"))
    const all = { ...forwarded, "meimei/menu (2).pdf": 8, "meimei/steps.txt": 8 }
    await expect.poll(kept, { timeout: PATIENCE }).toEqual(all)

    // Once each, whatever is loaded anew.
    await page.reload()
    await lilei.go("Chats")
    await lilei.openChat("meimei")
    await send(mei, upload("last.txt", "."))
    await expect.poll(kept, { timeout: PATIENCE }).toEqual({ ...all, "meimei/last.txt": 1 })
  })

  test("UX 9: picked files wait with their caption while one is elsewhere and through a reload, then they go", async () => {
    const dialog = lilei.named("dialog", "Send files")
    const caption = dialog.getByRole("textbox", { name: "Caption" })
    const waiting = lilei.page.getByText("2 files not sent yet")
    const pick = async (...files: Upload[]) => {
      const [chooser] = await Promise.all([
        lilei.page.waitForEvent("filechooser"),
        lilei.named("button", "Attach file").click(),
      ])
      await chooser.setFiles(files)
      await dialog.waitFor()
    }
    await lilei.go("Chats")
    await lilei.openChat("meimei")
    const notes = "first flush, ".repeat(100_000)
    await pick(upload("tea hill.png", png(320, 200), "image/png"), upload("notes.txt", notes, "text/plain"))
    await caption.fill("from the hill")
    await lilei.page.goBack()
    const row = lilei.named("list", "Chats").getByRole("listitem").filter({ hasText: "meimei" })
    await row.filter({ hasText: "[Draft]" }).waitFor()

    await lilei.openChat("meimei")
    await waiting.waitFor()
    expect(await dialog.count()).toBe(0)
    await lilei.named("button", "Open").click()
    await expect.poll(() => caption.inputValue()).toBe("from the hill")

    // The dialog is open, and what it holds is on the disk.
    await lilei.page.reload()
    await waiting.waitFor()
    expect(await dialog.count()).toBe(0)
    await lilei.named("button", "Open").click()
    await expect.poll(() => caption.inputValue()).toBe("from the hill")
    await dialog.getByText("320 × 200").waitFor()
    await dialog.getByRole("button", { name: "Send", exact: true }).click()
    await dialog.waitFor({ state: "detached" })
    await picture(mei, "tea hill.png").waitFor()
    await article(mei, "from the hill").waitFor()
    const stream = createReadStream(await (await save(mei, "notes.txt")).path())
    expect(await sum(stream)).toBe(createHash("sha256").update(notes).digest("hex"))

    await waiting.waitFor({ state: "detached" })
    await pick(upload("not this.txt", "x"))
    await dialog.getByRole("button", { name: "Cancel" }).click()
    await lilei.page.reload()
    await log(lilei).waitFor()
    expect(await lilei.page.getByText("not sent yet").count()).toBe(0)
  })

  test("UX 22: 30 MB whose line is cut in the middle arrive whole", async () => {
    const path = large("cut.bin", 30 * MB)
    await send(lilei, path)
    await running("cut.bin")
    cable.cut()
    await lilei.connection("cut")
    cable.restore()
    await arrives("cut.bin", path)
  })

  test("UX 22: 30 MB go on after a reload", async () => {
    const path = large("reload.bin", 30 * MB)
    await send(lilei, path)
    await running("reload.bin")
    cable.cut()
    await lilei.page.reload()
    await lilei.openChat("meimei")
    await article(lilei, "reload.bin").waitFor()
    cable.restore()
    await arrives("reload.bin", path)
  })

  test("UX 22: 30 MB go on after the house was restarted", async () => {
    const path = large("restart.bin", 30 * MB)
    await send(lilei, path)
    await running("restart.bin")
    house = await house.restart(house.port)
    await arrives("restart.bin", path)
  })

  test("UX 22: a cancelled upload is gone on both sides, and nothing of it is kept", async () => {
    await send(lilei, large("unwanted.bin", 30 * MB))
    await running("unwanted.bin")
    await article(lilei, "unwanted.bin").getByRole("button", { name: "Cancel upload" }).click()
    await article(lilei, "unwanted.bin").waitFor({ state: "detached" })
    await lilei.say("never mind")
    await mei.sees("never mind")
    expect(await log(mei).getByText("unwanted.bin").count()).toBe(0)
  })

  test("a drawing with a script, a page and a file called ../../x do nothing but lie there", async () => {
    const script = "<script>parent.postMessage('ran','*');document.title='ran'</script>"
    await send(
      lilei,
      upload("drawing.svg", `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`, "image/svg+xml"),
      upload("page.html", script, "text/html"),
    )
    await article(mei, "drawing.svg").waitFor()
    expect(await picture(mei, "drawing.svg").count()).toBe(0)
    // A browser's own chooser gives no such name; a client that lies can.
    await lilei.page.evaluate(() => {
      const data = new DataTransfer()
      data.items.add(new File(["a path"], "../../x"))
      const options = { bubbles: true, cancelable: true, clipboardData: data }
      document.querySelector("textarea")?.dispatchEvent(new ClipboardEvent("paste", options))
    })
    await lilei.named("dialog", "Send files").getByRole("button", { name: "Send", exact: true }).click()
    const [download] = await Promise.all([
      mei.page.waitForEvent("download"),
      log(mei).getByRole("button", { name: "Save x" }).click(),
    ])
    expect(download.suggestedFilename()).toBe("x")
    expect((await save(mei, "page.html")).suggestedFilename()).toBe("page.html")
    expect(await mei.page.title()).not.toContain("ran")
  })

  test("a film plays while it loads, and one can jump in it", async () => {
    await lilei.page.evaluate(async () => {
      const canvas = document.createElement("canvas")
      canvas.width = 320
      canvas.height = 180
      const context = canvas.getContext("2d")
      const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" })
      const parts: Blob[] = []
      recorder.ondataavailable = (event) => parts.push(event.data)
      recorder.start()
      for (let i = 0; i < 75; i++) {
        if (context) {
          context.fillStyle = `hsl(${i * 7} 60% 50%)`
          context.fillRect(0, 0, 320, 180)
        }
        await new Promise((next) => setTimeout(next, 40))
      }
      await new Promise((stopped) => {
        recorder.onstop = stopped
        recorder.stop()
      })
      const data = new DataTransfer()
      data.items.add(new File(parts, "film.webm", { type: "video/webm" }))
      const options = { bubbles: true, cancelable: true, clipboardData: data }
      document.querySelector("textarea")?.dispatchEvent(new ClipboardEvent("paste", options))
    })
    const dialog = lilei.named("dialog", "Send files")
    await dialog.getByText("320 × 180").waitFor()
    await dialog.getByRole("button", { name: "Send", exact: true }).click()
    await picture(mei, "film.webm").click()
    const player = log(mei).locator("video")
    await expect
      .poll(() => player.evaluate((video: HTMLVideoElement) => video.readyState), { timeout: PATIENCE })
      .toBeGreaterThanOrEqual(2)
    const jumped = await player.evaluate(
      (video: HTMLVideoElement) =>
        new Promise<number>((done, fail) => {
          video.pause()
          video.onseeked = () => done(video.currentTime)
          video.onerror = () => fail(new Error(video.error?.message))
          video.currentTime = 1
        }),
    )
    expect(jumped).toBeCloseTo(1, 1)
  })

  const sizes = [["64 MB", 64], ...(process.env.TEAHOUSE_LONG ? [["1 GB", 1024] as const] : [])] as const
  test.each(sizes)("%s go through with both heaps growing by no more than 64 MB", async (name, megabytes) => {
    const path = large(`${name}.bin`, megabytes * MB)
    const origins = [cable.url, house.url] as const
    /** Pages and workers of both. */
    const heaps = async () => {
      const both = await Promise.all(origins.map((origin) => heapBytes(debugging, origin)))
      return both.flatMap(({ page, worker }) => [page, worker])
    }
    const before = await heaps()
    let most: number[] = before
    const look = async () => {
      most = (await heaps()).map((bytes, i) => Math.max(bytes, most[i] ?? 0))
    }
    await send(lilei, path)
    const there = article(mei, `${name}.bin`).getByRole("button", { name: /^Save/ })
    while ((await there.count()) === 0) await look()
    await arrives(`${name}.bin`, path)
    await look()
    const grown = most.map((bytes, i) => Math.round((bytes - (before[i] ?? 0)) / MB))
    for (const megabytes of grown) expect(megabytes).toBeLessThan(64)
  })
})
