/** Every route with the file that answers it. */
import { deleteAccount } from "./account/delete-account.ts"
import { house } from "./account/house.ts"
import { loginFinish } from "./account/login-finish.ts"
import { loginParameters } from "./account/login-parameters.ts"
import { loginStart } from "./account/login-start.ts"
import { logout } from "./account/logout.ts"
import { me } from "./account/me.ts"
import { passwordFinish } from "./account/password-finish.ts"
import { passwordStart } from "./account/password-start.ts"
import { recoveryFinish } from "./account/recovery-finish.ts"
import { recoveryStart } from "./account/recovery-start.ts"
import { registerFinish } from "./account/register-finish.ts"
import { registerStart } from "./account/register-start.ts"
import { emptyEntries } from "./blob/empty-entries.ts"
import { quota } from "./blob/quota.ts"
import { listBots } from "./bot/list-bots.ts"
import { makeBotToken } from "./bot/make-bot-token.ts"
import { removeBot } from "./bot/remove-bot.ts"
import { acceptRequest } from "./contact/accept-request.ts"
import { blockUser } from "./contact/block-user.ts"
import { declineRequest } from "./contact/decline-request.ts"
import { findUser } from "./contact/find-user.ts"
import { listContacts } from "./contact/list-contacts.ts"
import { removeContact } from "./contact/remove-contact.ts"
import { sendRequest } from "./contact/send-request.ts"
import { unblockUser } from "./contact/unblock-user.ts"
import { ackWelcomes } from "./device/ack-welcomes.ts"
import { bindDevice } from "./device/bind-device.ts"
import { claimKeyPackages } from "./device/claim-key-packages.ts"
import { countKeyPackages } from "./device/count-key-packages.ts"
import { listDevices } from "./device/list-devices.ts"
import { listWelcomes } from "./device/list-welcomes.ts"
import { ownDevices } from "./device/own-devices.ts"
import { publishKeyPackages } from "./device/publish-key-packages.ts"
import { revokeDevices } from "./device/revoke-devices.ts"
import { dropHistory } from "./history/drop-history.ts"
import { listHistory } from "./history/list-history.ts"
import { readHistory } from "./history/read-history.ts"
import { writeHistory } from "./history/write-history.ts"
import { beginKeyLog } from "./key-log/begin-key-log.ts"
import { readKeyLog } from "./key-log/read-key-log.ts"
import { readNotebook } from "./notebook/read-notebook.ts"
import { readProfile } from "./notebook/read-profile.ts"
import { writeNotebook } from "./notebook/write-notebook.ts"
import { writeProfile } from "./notebook/write-profile.ts"
import { pushKey } from "./push/push-key.ts"
import { subscribePush } from "./push/subscribe-push.ts"
import { unsubscribePush } from "./push/unsubscribe-push.ts"
import { attest } from "./room/attest.ts"
import { createRoom } from "./room/create-room.ts"
import { declineJoin } from "./room/decline-join.ts"
import { groupInfo } from "./room/group-info.ts"
import { lastNumber } from "./room/last-number.ts"
import { listJoins } from "./room/list-joins.ts"
import { listRooms } from "./room/list-rooms.ts"
import { openGeneration } from "./room/open-generation.ts"
import { postCommit } from "./room/post-commit.ts"
import { postNotice } from "./room/post-notice.ts"
import { readLink } from "./room/read-link.ts"
import { readLog } from "./room/read-log.ts"
import { requestJoin } from "./room/request-join.ts"
import { roomIncarnations } from "./room/room-incarnations.ts"
import { writeLink } from "./room/write-link.ts"
import type { EndpointTable } from "./server.ts"

export const endpoints: EndpointTable = {
  house,
  registerStart,
  registerFinish,
  loginParameters,
  loginStart,
  loginFinish,
  logout,
  passwordStart,
  passwordFinish,
  recoveryStart,
  recoveryFinish,
  deleteAccount,
  me,
  bindDevice,
  listDevices,
  ownDevices,
  beginKeyLog,
  readKeyLog,
  revokeDevices,
  publishKeyPackages,
  countKeyPackages,
  claimKeyPackages,
  listWelcomes,
  ackWelcomes,
  makeBotToken,
  listBots,
  removeBot,
  listContacts,
  findUser,
  sendRequest,
  acceptRequest,
  declineRequest,
  removeContact,
  blockUser,
  unblockUser,
  listRooms,
  createRoom,
  groupInfo,
  postCommit,
  openGeneration,
  postNotice,
  attest,
  lastNumber,
  roomIncarnations,
  readLog,
  pushKey,
  subscribePush,
  unsubscribePush,
  writeLink,
  readLink,
  requestJoin,
  listJoins,
  declineJoin,
  readNotebook,
  writeNotebook,
  listHistory,
  readHistory,
  writeHistory,
  dropHistory,
  writeProfile,
  readProfile,
  quota,
  emptyEntries,
}
