import type { ClientPort, ViewArgs, ViewName, ViewValue } from "@teahouse/client/view/port.ts"
import { createContext, useCallback, useContext, useSyncExternalStore } from "react"
import type { ViewCache } from "./views.ts"

export type House = { readonly port: ClientPort; readonly views: ViewCache; readonly slot: number }
export const HouseContext = createContext<House | undefined>(undefined)

export function useHouse(): House {
  const house = useContext(HouseContext)
  if (!house) throw new Error("no ClientPort above this component")
  return house
}

export const useCommand = (): ClientPort["command"] => useHouse().port.command

/** The newest snapshot; undefined until the first one came. `args` is compared by value. */
export function useView<V extends ViewName>(view: V, args: ViewArgs<V>): ViewValue<V> | undefined {
  const { views } = useHouse()
  const key = JSON.stringify(args ?? null)
  const stable = useCallback(() => (key === "null" ? undefined : JSON.parse(key)) as ViewArgs<V>, [key])
  const subscribe = useCallback(
    (listener: () => void) => views.watch(view, stable(), listener),
    [views, view, stable],
  )
  return useSyncExternalStore(subscribe, () => views.value(view, stable()))
}
