/** Administration: the screen asks the house by the routes of http/admin.ts, through the core, which has the session. */
import type { AdminRouteName, AdminRoutes } from "@teahouse/protocol/http/admin.ts"
import type { ParamsOf, RequestOf, ResponseOf } from "@teahouse/protocol/http/route.ts"

export type AdminAsk<N extends AdminRouteName = AdminRouteName> = {
  readonly name: N
} & (unknown extends ParamsOf<AdminRoutes[N]["path"]>
  ? unknown
  : { readonly params: ParamsOf<AdminRoutes[N]["path"]> }) &
  (RequestOf<AdminRoutes[N]> extends undefined ? unknown : { readonly request: RequestOf<AdminRoutes[N]> })
export type AdminAnswer<N extends AdminRouteName> = ResponseOf<AdminRoutes[N]>

export type AdminCommands = {
  /** One door for all of them: what it answers is what the route answers. */
  administer: {
    args: { readonly name: AdminRouteName; readonly params?: unknown; readonly request?: unknown }
    value: unknown
  }
}
