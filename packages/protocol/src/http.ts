/**
 * Every HTTP route, by name. The server's router and the client's requests are both made from this table, so neither
 * can speak of a route or a field that the other does not know. All live below `/api`.
 */
import * as account from "./http/account.ts"
import * as blob from "./http/blob.ts"
import * as bot from "./http/bot.ts"
import * as contact from "./http/contact.ts"
import * as device from "./http/device.ts"
import * as history from "./http/history.ts"
import * as link from "./http/link.ts"
import * as notebook from "./http/notebook.ts"
import * as push from "./http/push.ts"
import * as room from "./http/room.ts"

export const API = "/api"
export const SOCKET_PATH = "/api/socket"

export const routes = {
  house: account.house,
  registerStart: account.registerStart,
  registerFinish: account.registerFinish,
  loginParameters: account.loginParameters,
  loginStart: account.loginStart,
  loginFinish: account.loginFinish,
  logout: account.logout,
  passwordStart: account.passwordStart,
  passwordFinish: account.passwordFinish,
  recoveryStart: account.recoveryStart,
  recoveryFinish: account.recoveryFinish,
  deleteAccount: account.deleteAccount,
  me: account.me,
  bindDevice: device.bindDevice,
  listDevices: device.listDevices,
  ownDevices: device.ownDevices,
  beginKeyLog: device.beginKeyLog,
  readKeyLog: device.readKeyLog,
  revokeDevices: device.revokeDevices,
  publishKeyPackages: device.publishKeyPackages,
  countKeyPackages: device.countKeyPackages,
  claimKeyPackages: device.claimKeyPackages,
  listWelcomes: device.listWelcomes,
  ackWelcomes: device.ackWelcomes,
  makeBotToken: bot.makeBotToken,
  listBots: bot.listBots,
  removeBot: bot.removeBot,
  listContacts: contact.listContacts,
  findUser: contact.findUser,
  sendRequest: contact.sendRequest,
  acceptRequest: contact.acceptRequest,
  declineRequest: contact.declineRequest,
  removeContact: contact.removeContact,
  blockUser: contact.blockUser,
  unblockUser: contact.unblockUser,
  listRooms: room.listRooms,
  createRoom: room.createRoom,
  groupInfo: room.groupInfo,
  postCommit: room.postCommit,
  openGeneration: room.openGeneration,
  postNotice: room.postNotice,
  attest: room.attest,
  lastNumber: room.lastNumber,
  roomIncarnations: room.roomIncarnations,
  readLog: room.readLog,
  pushKey: push.pushKey,
  subscribePush: push.subscribePush,
  unsubscribePush: push.unsubscribePush,
  writeLink: link.writeLink,
  readLink: link.readLink,
  requestJoin: link.requestJoin,
  listJoins: link.listJoins,
  declineJoin: link.declineJoin,
  readNotebook: notebook.readNotebook,
  writeNotebook: notebook.writeNotebook,
  listHistory: history.listHistory,
  readHistory: history.readHistory,
  writeHistory: history.writeHistory,
  dropHistory: history.dropHistory,
  writeProfile: notebook.writeProfile,
  readProfile: notebook.readProfile,
  quota: blob.quota,
  emptyEntries: blob.emptyEntries,
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes
