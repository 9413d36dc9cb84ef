/** The service worker's part in telling: a click on a notification leads to its chat, in a page that is open or a new one. */

/** What a notification carries. */
export type NotificationData = { readonly path: string }
/** What a page is told when one of its account's notifications was clicked. */
export type OpenMessage = { readonly t: "open"; readonly path: string }

type Waiting = Event & { waitUntil(promise: Promise<unknown>): void }
type Clicked = Waiting & { readonly notification: Notification }
type Pushed = Waiting
type Page = {
  readonly url: string
  readonly focused: boolean
  readonly visibilityState: DocumentVisibilityState
  focus(): Promise<unknown>
  postMessage(message: unknown): void
}
export type ToldScope = {
  addEventListener(type: "notificationclick", listener: (event: Clicked) => void): void
  addEventListener(type: "push", listener: (event: Pushed) => void): void
  readonly registration: Pick<ServiceWorkerRegistration, "showNotification">
  readonly navigator: Pick<Navigator, "languages">
  readonly clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Page[]>
    openWindow(path: string): Promise<unknown>
  }
  readonly location: Location
}

/** One for all accounts of this browser: a push does not say whose it is. */
export const PUSH_TAG = "teahouse-push"

/** The worker has no account's language; the browser's is what there is. */
export const pushWords = (languages: readonly string[]): { readonly title: string; readonly body: string } =>
  languages.find((each) => /^(zh|en)\b/i.test(each))?.startsWith("zh")
    ? { title: "茶馆", body: "可能有新消息，点击查看。" }
    : { title: "Teahouse", body: "There may be new messages. Click to look." }

/** Only addresses of this application; anything else is its beginning. */
export const safePath = (path: unknown): string =>
  typeof path === "string" && /^\/\d{1,2}\/[\w/-]*$/.test(path) ? path : "/"

const slotIn = (path: string) => /^\/(\d{1,2})\//.exec(path)?.[1]

/** The page of this account that was looked at last, as far as can be told. */
export function pageFor<P extends Pick<Page, "url" | "focused" | "visibilityState">>(
  pages: readonly P[],
  path: string,
): P | undefined {
  const own = pages.filter((page) => slotIn(new URL(page.url).pathname) === slotIn(path))
  return own.find((page) => page.focused) ?? own.find((page) => page.visibilityState === "visible") ?? own[0]
}

export function heedNotifications(scope: ToldScope): void {
  scope.addEventListener("push", (event) => {
    event.waitUntil(
      (async () => {
        const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true })
        // Whoever looks at the application sees what is new; anything else must show something, or the browser does.
        if (pages.some((page) => page.visibilityState === "visible")) return
        const { title, body } = pushWords(scope.navigator.languages)
        const data: NotificationData = { path: "/" }
        const icon = "/icons/icon-192.png"
        await scope.registration.showNotification(title, { tag: PUSH_TAG, body, data, icon })
      })(),
    )
  })
  scope.addEventListener("notificationclick", (event) => {
    event.notification.close()
    const path = safePath((event.notification.data as Partial<NotificationData> | null)?.path)
    event.waitUntil(
      (async () => {
        const pages = await scope.clients.matchAll({ type: "window", includeUncontrolled: true })
        const page = pageFor(pages, path)
        if (!page) return scope.clients.openWindow(path)
        page.postMessage({ t: "open", path } satisfies OpenMessage)
        return page.focus()
      })(),
    )
  })
}
