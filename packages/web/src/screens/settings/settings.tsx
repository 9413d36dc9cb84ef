import type { Settings as Kept } from "@teahouse/client/view/port/account.ts"
import type { Theme } from "@teahouse/client/view/port/basic.ts"
import type { ViewValue } from "@teahouse/client/view/port.ts"
import { lazy, Suspense, useState } from "react"
import { useCommand, useView } from "../../port/use-view.ts"
import { languageNames, languages } from "../../text/language.ts"
import { useLanguage, useText } from "../../text/use-text.ts"
import { PaneHead } from "../../ui/pane-head.tsx"
import { Accounts } from "./accounts.tsx"
import { BlackList } from "./black-list.tsx"
import { Card } from "./card.tsx"
import { ChangePassword } from "./change-password.tsx"
import { Choice } from "./choice.tsx"
import { DeleteAccount } from "./delete-account.tsx"
import { Devices } from "./devices.tsx"
import { Privacy } from "./privacy.tsx"
import { Profile } from "./profile.tsx"
import { TellSettings } from "./told.tsx"

const Storage = lazy(() => import("../files/storage.tsx").then((part) => ({ default: part.Storage })))
const AdminDoor = lazy(() => import("../admin/door.tsx").then((part) => ({ default: part.AdminDoor })))
const Bots = lazy(() => import("./bots.tsx").then((part) => ({ default: part.Bots })))
const Import = lazy(() => import("../import/import.tsx").then((part) => ({ default: part.Import })))
const Export = lazy(() => import("./export.tsx").then((part) => ({ default: part.Export })))

type SignedIn = Extract<ViewValue<"session">, { state: "signed_in" }>

export function Settings({ session }: { readonly session: SignedIn }) {
  const text = useText()
  const settings = useView("settings", undefined)
  const [changingPassword, setChangingPassword] = useState(false)
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-paper">
      <div className="mx-auto max-w-2xl pb-8">
        <PaneHead title={text.settings} />
        <div className="flex flex-col gap-4 px-4">
          {settings && <Profile session={session} settings={settings} />}
          {settings && <Privacy settings={settings} />}
          <BlackList />
          {settings && <TellSettings told={settings.told} />}
          {settings && <Appearance settings={settings} />}
          {settings && <Writing settings={settings} />}
          <Suspense>
            <Storage />
          </Suspense>
          <Devices onChangePassword={() => setChangingPassword(true)} />
          <ChangePassword
            username={session.username}
            asking={changingPassword}
            onAsking={setChangingPassword}
          />
          <Suspense>
            <AdminDoor />
            <Bots />
          </Suspense>
          <Accounts username={session.username} user={session.user} />
          <Card title={text.importTitle}>
            <Suspense>
              <Import />
            </Suspense>
          </Card>
          <Card title={text.exportTitle}>
            <Suspense>
              <Export />
            </Suspense>
          </Card>
          <DeleteAccount />
        </div>
      </div>
    </div>
  )
}

function Appearance({ settings }: { readonly settings: Kept }) {
  const text = useText()
  const command = useCommand()
  const { choose } = useLanguage()
  const set = (change: Partial<Kept>) => command("setSettings", change)
  const themes: [Theme, string][] = [
    ["system", text.themeSystem],
    ["light", text.themeLight],
    ["dark", text.themeDark],
  ]
  const sizes = [100, 125, 150, 175, 200].map((size) => [String(size), `${size} %`] as const)
  return (
    <Card title={text.appearance}>
      <div className="flex flex-col gap-4">
        <Choice
          name={text.language}
          value={settings.language}
          options={[
            ["auto", text.languageAuto],
            ...languages.map((each) => [each, languageNames[each]] as const),
          ]}
          onChange={choose}
        />
        <Choice
          name={text.theme}
          value={settings.theme}
          options={themes}
          onChange={(theme) => set({ theme })}
        />
        <Choice
          name={text.textSize}
          value={String(settings.textSize)}
          options={sizes}
          onChange={(size) => set({ textSize: Number(size) })}
        />
      </div>
    </Card>
  )
}

function Writing({ settings }: { readonly settings: Kept }) {
  const text = useText()
  const command = useCommand()
  return (
    <Card title={text.chats}>
      <Choice
        name={text.enterKey}
        value={settings.enterSends ? "enter" : "ctrl"}
        options={[
          ["enter", text.enterSends],
          ["ctrl", text.ctrlEnterSends],
        ]}
        stacked
        onChange={(value) => command("setSettings", { enterSends: value === "enter" })}
      />
    </Card>
  )
}
