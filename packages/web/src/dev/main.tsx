import "../styles.css"
import { start } from "../app.tsx"
import { slotOf } from "../route/route.ts"
import { fakePort } from "./fake-port.ts"

const kind = new URLSearchParams(location.search).get("fake") ?? sessionStorage.getItem("fake") ?? ""
sessionStorage.setItem("fake", kind)
start(fakePort(kind), slotOf(location.pathname) ?? 1)
