/**
 * Files and pictures on the screens by themselves, on the made-up ClientPort, under the policy that the house sends. The
 * numbers are those of the acceptance list.
 */
import { readFileSync } from "node:fs"
import { exifSegment, jpeg, png, pngChunk } from "@teahouse/client/media/samples.fixture.ts"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { axe } from "../axe.ts"
import { openBrowser, PATIENCE } from "../browser.ts"
import { type FakePage, openFakePage } from "../fake-page.ts"
import { need } from "../need.ts"
import { chromiumPath } from "../program.ts"

const room = (n: number) => `${String(n).padStart(20, "0")}AA`
const [FILES, PLAIN] = [`/1/chats/${room(102)}?fake=files`, `/1/chats/${room(101)}?fake=full`]
const LOG = "[role=log]"
const LOUD = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]

type Upload = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer }
const upload = (name: string, bytes: Uint8Array | string, mimeType = ""): Upload => ({
  name,
  mimeType,
  buffer: Buffer.from(bytes as Uint8Array),
})
const secret = () => pngChunk("tEXt", Buffer.from("Comment\0GPS 48.2082N"))

const chromium = need("Chromium (files on the screens)", chromiumPath() !== undefined)

describe.runIf(chromium)("files and pictures on the screens", () => {
  let browser: Browser
  let house: FakePage
  const faults: string[] = []

  beforeAll(async () => {
    house = await openFakePage()
    browser = await openBrowser(LOUD)
  })
  afterAll(async () => {
    await browser?.close()
    house?.close()
  })

  const open = async (path: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> => {
    const context = await browser.newContext({
      locale: "en-US",
      viewport: { width: 1280, height: 800 },
      reducedMotion: "reduce",
      ...options,
    })
    const page = await context.newPage()
    page.setDefaultTimeout(PATIENCE)
    page.on("pageerror", (error) => faults.push(error.message))
    page.on("console", (line) => {
      if (line.type() === "error") faults.push(`${line.text()} ${line.location().url}`)
    })
    await page.goto(house.url + path)
    await page.getByRole("textbox", { name: "Message", exact: true }).waitFor()
    return page
  }
  const close = async (page: Page) => {
    await page.context().close()
    expect(faults.splice(0)).toEqual([])
  }
  const log = (page: Page) => page.getByRole("log", { name: "Messages" })
  const dialog = (page: Page) => page.getByRole("dialog", { name: "Send files" })
  const picture = (page: Page, name: string): Locator => log(page).getByRole("img", { name, exact: true })
  const pick = async (page: Page, ...files: readonly Upload[]) => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Attach file", exact: true }).click(),
    ])
    expect(chooser.isMultiple()).toBe(true)
    await chooser.setFiles([...files])
    await dialog(page).waitFor()
  }
  const send = async (page: Page) => {
    await dialog(page).getByRole("button", { name: "Send", exact: true }).click()
    await dialog(page).waitFor({ state: "detached" })
  }
  /** What the viewer saves under which name. */
  const saved = async (page: Page, button: Locator): Promise<[string, Uint8Array]> => {
    const [download] = await Promise.all([page.waitForEvent("download"), button.click()])
    return [download.suggestedFilename(), new Uint8Array(readFileSync(await download.path()))]
  }
  /** Pastes or drops what a system would hand over. */
  const transfer = (page: Page, event: "paste" | "drop", what: { text?: string; files?: string[] }) =>
    page.evaluate(
      ([kind, { text, files }]) => {
        const data = new DataTransfer()
        for (const name of files ?? []) data.items.add(new File([`bytes of ${name}`], name))
        if (text !== undefined) data.setData("text/plain", text)
        const target =
          kind === "paste" ? document.querySelector("textarea") : document.querySelector("[role=log]")
        const options = { bubbles: true, cancelable: true }
        if (kind === "paste")
          return target?.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: data }))
        for (const name of ["dragenter", "dragover"])
          target?.dispatchEvent(new DragEvent(name, { ...options, dataTransfer: data }))
        // The place is marked while it is dragged over, before it is dropped.
        const marked = () => document.body.textContent.includes("Drop here to send")
        return new Promise<boolean>((done) => {
          setTimeout(() => {
            const over = marked()
            target?.dispatchEvent(new DragEvent("drop", { ...options, dataTransfer: data }))
            done(over)
          }, 200)
        })
      },
      [event, what] as const,
    )

  test("UX 10, 21: picking opens the dialog with a preview, and what is sent stands in the chat by its name", async () => {
    const page = await open(PLAIN)
    await pick(page, upload("tea house.png", png(640, 400), "image/png"), upload("empty.txt", ""))
    await dialog(page).getByRole("img", { name: "tea house.png" }).waitFor()
    await page.getByRole("textbox", { name: "Caption" }).fill("our new sign")
    await send(page)
    await picture(page, "tea house.png").waitFor()
    const size = await picture(page, "tea house.png").evaluate((img: HTMLImageElement) => img.naturalWidth)
    expect(size).toBe(320)
    await log(page).getByText("our new sign").waitFor()
    await close(page)
  })

  test("UX 10: nothing in the dialog moves away from a finger while a picture is made ready", async () => {
    const page = await open(PLAIN, { viewport: { width: 390, height: 780 }, hasTouch: true })
    const places = await page.evaluateHandle(() => {
      const seen = new Set<string>()
      const look = () => {
        // Within the dialog, which itself comes in with a movement.
        const all = document.querySelector("dialog[open]")?.getBoundingClientRect()
        const button = document.querySelector("dialog[open] button[type=submit]")?.getBoundingClientRect()
        if (all && button) seen.add(`${Math.round(button.top - all.top)} of ${Math.round(all.height)}`)
        requestAnimationFrame(look)
      }
      look()
      return seen
    })
    await pick(page, upload("tea.png", png(40, 30), "image/png"))
    await dialog(page).getByRole("img", { name: "tea.png" }).waitFor()
    expect(await places.evaluate((seen) => [...seen])).toHaveLength(1)
    await close(page)
  })

  test("UX 23: neither a picture nor its original says where it was taken, and one that lay on its side stands", async () => {
    const page = await open(PLAIN)
    for (const original of [false, true]) {
      const name = original ? "original.jpg" : "usual.jpg"
      await pick(
        page,
        upload(name, jpeg([exifSegment(6)]), "image/jpeg"),
        upload(`${name}.png`, png(30, 20, [secret()]), "image/png"),
      )
      if (original) await page.getByRole("switch", { name: /Original pictures/ }).check()
      await dialog(page).getByRole("img").nth(1).waitFor()
      await send(page)
      for (const each of [name, `${name}.png`]) {
        await picture(page, each).click()
        const viewer = page.getByRole("dialog", { name: "Picture viewer" })
        const [as, bytes] = await saved(page, viewer.getByRole("button", { name: "Save picture" }))
        expect(as).toBe(each)
        expect(Buffer.from(bytes).toString("latin1")).not.toMatch(/GPS|SECRET|Exif/)
        await page.keyboard.press("Escape")
      }
    }
    await close(page)
  })

  test("UX 10: a screenshot is shown first; a picture beside text leaves the text its way and is offered", async () => {
    const page = await open(PLAIN)
    expect(await transfer(page, "paste", { files: ["screenshot.png"] })).toBe(false)
    await dialog(page).getByText("screenshot.png").first().waitFor()
    await page.keyboard.press("Escape")
    await dialog(page).waitFor({ state: "detached" })
    expect(await transfer(page, "paste", { files: ["cells.png"], text: "A\tB\n1\t2" })).toBe(true)
    expect(await dialog(page).count()).toBe(0)
    await page.getByRole("button", { name: "Paste as image" }).click()
    await dialog(page).waitFor()
    await close(page)
  })

  test("UX 10: several files are dropped anywhere on the chat; folders are refused with a sentence", async () => {
    const page = await open(PLAIN)
    expect(await transfer(page, "drop", { files: ["a.txt", "b.txt"] })).toBe(true)
    await dialog(page).getByRole("status").filter({ hasText: "2 files" }).waitFor()
    await page.keyboard.press("Escape")
    await dialog(page).waitFor({ state: "detached" })
    await page.evaluate(() => {
      DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true }) as FileSystemEntry
    })
    await transfer(page, "drop", { files: ["folder"] })
    await dialog(page).getByRole("alert").filter({ hasText: "Folders cannot be sent" }).waitFor()
    expect(await dialog(page).getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true)
    await close(page)
  })

  test("UX 22: the limit and what is left are shown beforehand; what is too large is marked and stays behind", async () => {
    const page = await open(PLAIN)
    const large = upload("large.zip", Buffer.alloc(9 * 1024 * 1024))
    await pick(page, large, upload("small.txt", "hello"))
    await dialog(page).getByText("Up to 8 MB a file").waitFor()
    await dialog(page).getByText("24 MB left in your space").waitFor()
    await dialog(page).getByText("Too large: a file may have at most 8 MB").waitFor()
    await dialog(page).getByRole("status").filter({ hasText: "1 file · 5 B" }).waitFor()
    await send(page)
    await log(page).getByText("small.txt").first().waitFor()
    expect(await log(page).getByText("large.zip").count()).toBe(0)
    await pick(page, large)
    expect(await dialog(page).getByRole("button", { name: "Send", exact: true }).isDisabled()).toBe(true)
    await close(page)
  })

  test("UX 22: what is too much together is said, nothing is sent, and it goes when one is taken out", async () => {
    const page = await open(PLAIN)
    const left = dialog(page).getByText("Together these files are larger than the space you have left.")
    const send = dialog(page).getByRole("button", { name: "Send", exact: true })
    const seven = Buffer.alloc(7 * 1024 * 1024)
    await pick(page, ...["one", "two", "three", "four"].map((name) => upload(`${name}.bin`, seven)))
    await left.waitFor()
    expect(await send.isDisabled()).toBe(true)
    const caption = dialog(page).getByRole("textbox", { name: "Caption" })
    await caption.fill("all of it")
    await page.keyboard.press("Enter")
    await dialog(page).getByRole("button", { name: "Remove two.bin" }).click()
    await left.waitFor({ state: "detached" })
    expect(await caption.inputValue()).toBe("all of it")
    await send.click()
    await dialog(page).waitFor({ state: "detached" })
    for (const name of ["one", "three", "four"]) await log(page).getByText(`${name}.bin`).first().waitFor()
    await close(page)
  })

  test("UX 9: more than is kept until it is sent is said, and goes all the same", async () => {
    const page = await open(FILES)
    const names = Array.from({ length: 21 }, (_, i) => `${i}.txt`)
    await pick(page, ...names.map((name) => upload(name, name)))
    await dialog(page)
      .getByText(
        "If you leave before sending, 1 file must be picked again: at most 20 files and 64 MB together",
      )
      .waitFor()
    await send(page)
    await log(page).getByText("20.txt").first().waitFor()
    await close(page)
  })

  test("UX 22: an upload is paused, goes on, and is cancelled together with its message", async () => {
    const page = await open(PLAIN)
    await pick(page, upload("long.bin", Buffer.alloc(1024 * 1024)))
    await send(page)
    const article = log(page).getByRole("article").filter({ hasText: "long.bin" })
    await article.getByRole("button", { name: "Pause upload" }).click()
    await article.getByText("Paused").waitFor()
    await article.getByRole("button", { name: "Resume upload" }).click()
    await article.getByRole("progressbar").waitFor({ state: "detached" })
    await pick(page, upload("unwanted.bin", Buffer.alloc(1024 * 1024)))
    await send(page)
    const other = log(page).getByRole("article").filter({ hasText: "unwanted.bin" })
    await other.getByRole("button", { name: "Cancel upload" }).click()
    await other.waitFor({ state: "detached" })
    await close(page)
  })

  test("UX 14: a picture's place is there before the picture", async () => {
    const page = await open(PLAIN)
    await pick(page, upload("wide.png", png(1200, 300), "image/png"))
    await dialog(page).getByRole("img").waitFor()
    await page.evaluate(() => {
      const heights: number[] = []
      Object.assign(globalThis, { heights })
      new MutationObserver(() => {
        const img = document.querySelector("[role=log] img[alt='wide.png']")
        if (img) heights.push(img.getBoundingClientRect().height)
      }).observe(document.body, { subtree: true, childList: true, attributes: true })
    })
    await send(page)
    await page.waitForFunction(() =>
      document.querySelector<HTMLImageElement>("[role=log] img[alt='wide.png']")?.src.startsWith("blob:"),
    )
    const heights = await page.evaluate(() => (globalThis as unknown as { heights: number[] }).heights)
    expect([...new Set(heights)]).toEqual([80])
    await close(page)
  })

  test("UX 21: the viewer goes from picture to picture, zooms, turns, saves, and gives the focus back", async () => {
    const page = await open(FILES)
    await picture(page, "雾.jpg").waitFor()
    const opener = log(page).getByRole("button", { name: "View 雾.jpg" })
    await opener.focus()
    await page.keyboard.press("Enter")
    const viewer = page.getByRole("dialog", { name: "Picture viewer" })
    await viewer.getByText("4 of 4").waitFor()
    const transform = () =>
      viewer.getByRole("img", { name: "雾.jpg", exact: true }).evaluate((img) => img.style.transform)
    await viewer.getByRole("button", { name: "Zoom in" }).click()
    expect(await transform()).toContain("scale(1.5)")
    await page.mouse.move(640, 400)
    await page.mouse.wheel(0, -300)
    await expect.poll(transform).toMatch(/scale\([2-8]/)
    await page.keyboard.press("0")
    await viewer.getByRole("button", { name: "Rotate" }).click()
    expect(await transform()).toContain("rotate(90deg)")
    await page.keyboard.press("ArrowLeft")
    await viewer.getByText("3 of 4").waitFor()
    await page.keyboard.press("ArrowLeft")
    await viewer.getByText("2 of 4").waitFor()
    const [name] = await saved(page, viewer.getByRole("button", { name: "Save picture" }))
    expect(name).toBe("teapot with a handle.jpg")
    await page.keyboard.press("Escape")
    await viewer.waitFor({ state: "detached" })
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true)
    await close(page)
  })

  test("a drawing with a script and a file called ../../x are plain files, and harmless", async () => {
    const page = await open(FILES)
    const article = (name: string) => log(page).getByRole("article").filter({ hasText: name }).last()
    expect(await log(page).getByRole("img", { name: "drawing.svg" }).count()).toBe(0)
    const [name, bytes] = await saved(page, article("../../x").getByRole("button", { name: /^Save/ }))
    expect(name).toBe("x")
    expect(Buffer.from(bytes).toString()).toBe("a path")
    expect((await saved(page, article("drawing.svg").getByRole("button", { name: /^Save/ })))[0]).toBe(
      "drawing.svg",
    )
    await close(page)
  })

  test("a picture that would fill the memory, and a broken one, go as plain files and say so", async () => {
    const page = await open(PLAIN)
    await pick(
      page,
      upload("bomb.png", png(2, 2, [], { width: 60_000, height: 60_000 }), "image/png"),
      upload("broken.jpg", Uint8Array.of(0xff, 0xd8, 0xff, 0, 1, 2), "image/jpeg"),
    )
    await dialog(page).getByText("too many pixels").waitFor()
    await dialog(page).getByText("cannot be read").waitFor()
    await send(page)
    await log(page).getByRole("article").filter({ hasText: "bomb.png" }).waitFor()
    expect(await picture(page, "bomb.png").count()).toBe(0)
    expect(await picture(page, "broken.jpg").count()).toBe(0)
    await close(page)
  })

  test("UX 21: a picture that is not to be drawn says so in the viewer, and can be saved", async () => {
    const page = await open(PLAIN)
    await pick(page, upload("bomb.png", png(90, 60), "image/png"))
    await dialog(page).getByRole("img").waitFor()
    await send(page)
    await picture(page, "bomb.png").click()
    const viewer = page.getByRole("dialog", { name: "Picture viewer" })
    await viewer.getByRole("alert").getByText("This picture cannot be shown").waitFor()
    expect(await viewer.getByRole("img").count()).toBe(0)
    const [name] = await saved(page, viewer.getByRole("button", { name: "Save picture" }))
    expect(name).toMatch(/^bomb/)
    await close(page)
  })

  test("UX 5: Enter while an input method composes the caption does not send", async () => {
    const page = await open(PLAIN)
    await pick(page, upload("a.txt", "a"))
    const client = await page.context().newCDPSession(page)
    await page.getByRole("textbox", { name: "Caption" }).focus()
    await client.send("Input.imeSetComposition", { text: "cha", selectionStart: 3, selectionEnd: 3 })
    const process = { windowsVirtualKeyCode: 229, key: "Process", code: "Enter" }
    await client.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...process })
    await client.send("Input.insertText", { text: "茶" })
    expect(await dialog(page).count()).toBe(1)
    await page.waitForTimeout(100)
    await page.keyboard.press("Enter")
    await dialog(page).waitFor({ state: "detached" })
    await log(page).getByText("茶", { exact: true }).waitFor()
    await close(page)
  })

  test("a film made in this browser gets its length, size and a picture, and plays", async () => {
    const page = await open(PLAIN)
    await page.evaluate(async () => {
      const canvas = document.createElement("canvas")
      canvas.width = 320
      canvas.height = 180
      const context = canvas.getContext("2d")
      const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" })
      const parts: Blob[] = []
      recorder.ondataavailable = (event) => parts.push(event.data)
      recorder.start()
      for (let i = 0; i < 50; i++) {
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
    await dialog(page).getByText("320 × 180").waitFor()
    await dialog(page).getByRole("img", { name: "film.webm" }).waitFor()
    await send(page)
    await picture(page, "film.webm").click()
    const player = log(page).locator("video")
    await expect
      .poll(() => player.evaluate((video: HTMLVideoElement) => video.readyState >= 2 || video.ended), {
        timeout: PATIENCE,
      })
      .toBe(true)
    await close(page)
  })

  test("a voice message is held or clicked, discarded or sent, and plays at a chosen speed", async () => {
    const page = await open(PLAIN, { permissions: ["microphone"] })
    const button = page.getByRole("button", { name: "Record voice message" })
    const timer = page.getByRole("timer", { name: "Recording" })
    // With the keyboard, and Esc.
    await button.focus()
    await page.keyboard.press("Enter")
    await timer.filter({ hasText: "0:01" }).waitFor()
    await page.keyboard.press("Escape")
    await timer.waitFor({ state: "detached" })
    expect(await log(page).getByRole("button", { name: "Play", exact: true }).count()).toBe(0)
    // Held.
    await button.hover()
    await page.mouse.down()
    await timer.filter({ hasText: "0:02" }).waitFor()
    await page.mouse.up()
    const play = log(page).getByRole("button", { name: "Play", exact: true })
    await play.waitFor()
    await log(page).getByRole("progressbar").waitFor({ state: "detached" })
    const speed = log(page).getByRole("button", { name: /^Speed/ })
    await speed.click()
    expect(await speed.textContent()).toBe("1.5×")
    await play.click()
    await expect
      .poll(() =>
        log(page)
          .locator("audio")
          .evaluate((audio: HTMLAudioElement) => audio.currentTime > 0),
      )
      .toBe(true)
    // Slid away.
    await button.hover()
    await page.mouse.down()
    await timer.waitFor()
    const box = await button.boundingBox()
    await page.mouse.move((box?.x ?? 0) - 150, box?.y ?? 0)
    await page.getByText("Let go to discard").waitFor()
    await page.mouse.up()
    await timer.waitFor({ state: "detached" })
    expect(await log(page).locator("audio").count()).toBe(1)
    await close(page)
  })

  test("a microphone that is refused is a sentence", async () => {
    const page = await open(PLAIN)
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"))
    })
    await page.getByRole("button", { name: "Record voice message" }).click()
    await page.getByRole("alert").filter({ hasText: "The microphone is not allowed" }).waitFor()
    await close(page)
  })

  test("UX 39: the storage page says what takes how much, and clears it after asking", async () => {
    const page = await open(PLAIN)
    await page.getByRole("navigation", { name: "Main" }).getByText("Settings", { exact: true }).click()
    await page.getByRole("meter", { name: "At the house" }).waitFor()
    await page.getByRole("button", { name: "Clear all files on this device" }).click()
    const asked = page.getByRole("dialog", { name: "Clear files?" })
    await asked.getByRole("button", { name: "Clear", exact: true }).click()
    await page.getByText("Cleared.").waitFor()
    await close(page)
  })

  describe.each([
    ["light", 1280, "en-US"],
    ["dark", 360, "zh-CN"],
  ] as const)("UX 35 in %s, %i px, %s: axe finds nothing", (colorScheme, width, locale) => {
    const looked = async (page: Page, except?: string) => {
      expect(await axe(page, except)).toEqual([])
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      ).toBeLessThanOrEqual(0)
    }
    test("in a chat full of files, its details, the dialog and the viewer", async () => {
      const context = await browser.newContext({
        colorScheme,
        locale,
        viewport: { width, height: 720 },
        reducedMotion: "reduce",
        bypassCSP: true,
      })
      const page = await context.newPage()
      await page.goto(house.url + FILES)
      await page.getByRole("img", { name: "雾.jpg", exact: true }).first().waitFor()
      await looked(page)
      await page.getByRole("img", { name: "雾.jpg", exact: true }).first().click()
      await page.locator("dialog[open]").waitFor()
      await looked(page, LOG)
      await page.keyboard.press("Escape")
      await page
        .locator("input[type=file]")
        .first()
        .setInputFiles([upload("a.png", png(90, 60), "image/png")])
      await page.locator("dialog[open] img").waitFor()
      await looked(page, LOG)
      // UX 9: a press beside it may be a slip, and loses nothing.
      await page.mouse.click(3, 3)
      await page.getByText(locale === "en-US" ? "1 file not sent yet" : "1 个文件未发送").waitFor()
      await looked(page, LOG)
      await page.goto(house.url + FILES.replace("?", "/details?"))
      await page.getByRole("tablist").waitFor()
      await looked(page)
      await page.goto(`${house.url}/1/settings?fake=files`)
      await page.getByRole("meter").first().waitFor()
      await looked(page)
      await page.context().close()
      faults.splice(0)
    })
  })
})
