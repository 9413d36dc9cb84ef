/** Every route with the file that answers it. */
import { refuse } from "@teahouse/protocol/error.ts"
import type { Route } from "@teahouse/protocol/http/route.ts"
import { routes } from "@teahouse/protocol/http.ts"
import { err } from "@teahouse/protocol/result.ts"
import { addAccountKey } from "./account/add-account-key.ts"
import { house } from "./account/house.ts"
import { loginFinish } from "./account/login-finish.ts"
import { loginParameters } from "./account/login-parameters.ts"
import { loginStart } from "./account/login-start.ts"
import { logout } from "./account/logout.ts"
import { me } from "./account/me.ts"
import { registerFinish } from "./account/register-finish.ts"
import { registerStart } from "./account/register-start.ts"
import { declineRequest } from "./contact/decline-request.ts"
import { findUser } from "./contact/find-user.ts"
import { listContacts } from "./contact/list-contacts.ts"
import { ackWelcomes } from "./device/ack-welcomes.ts"
import { bindDevice } from "./device/bind-device.ts"
import { claimKeyPackages } from "./device/claim-key-packages.ts"
import { countKeyPackages } from "./device/count-key-packages.ts"
import { listDevices } from "./device/list-devices.ts"
import { listWelcomes } from "./device/list-welcomes.ts"
import { publishKeyPackages } from "./device/publish-key-packages.ts"
import { type Endpoint, endpoint } from "./endpoint.ts"
import { readNotebook } from "./notebook/read-notebook.ts"
import { readProfile } from "./notebook/read-profile.ts"
import { writeNotebook } from "./notebook/write-notebook.ts"
import { writeProfile } from "./notebook/write-profile.ts"
import { attest } from "./room/attest.ts"
import { createRoom } from "./room/create-room.ts"
import { groupInfo } from "./room/group-info.ts"
import { lastNumber } from "./room/last-number.ts"
import { listRooms } from "./room/list-rooms.ts"
import { postCommit } from "./room/post-commit.ts"
import { postNotice } from "./room/post-notice.ts"
import { readLog } from "./room/read-log.ts"
import type { EndpointTable } from "./server.ts"

/** Stands in until the room's file is there. */
const notBuilt = <R extends Route>(route: R): Endpoint<R> =>
  endpoint(route, async () => err(refuse("unavailable")))

export const endpoints: EndpointTable = {
  house,
  registerStart,
  registerFinish,
  loginParameters,
  loginStart,
  loginFinish,
  logout,
  me,
  bindDevice,
  listDevices,
  publishKeyPackages,
  countKeyPackages,
  claimKeyPackages,
  listWelcomes,
  ackWelcomes,
  listContacts,
  findUser,
  sendRequest: notBuilt(routes.sendRequest),
  acceptRequest: notBuilt(routes.acceptRequest),
  declineRequest,
  removeContact: notBuilt(routes.removeContact),
  listRooms,
  createRoom,
  groupInfo,
  postCommit,
  postNotice,
  attest,
  lastNumber,
  readLog,
  readNotebook,
  writeNotebook,
  addAccountKey,
  writeProfile,
  readProfile,
}
