/**
 * Every HTTP route, by name. The server's router and the client's requests are both made from this table, so neither
 * can speak of a route or a field that the other does not know. All live below `/api`.
 */
import * as account from "./http/account.ts"
import * as contact from "./http/contact.ts"
import * as device from "./http/device.ts"
import * as notebook from "./http/notebook.ts"
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
  me: account.me,
  bindDevice: device.bindDevice,
  listDevices: device.listDevices,
  publishKeyPackages: device.publishKeyPackages,
  countKeyPackages: device.countKeyPackages,
  claimKeyPackages: device.claimKeyPackages,
  listWelcomes: device.listWelcomes,
  ackWelcomes: device.ackWelcomes,
  listContacts: contact.listContacts,
  findUser: contact.findUser,
  sendRequest: contact.sendRequest,
  acceptRequest: contact.acceptRequest,
  declineRequest: contact.declineRequest,
  removeContact: contact.removeContact,
  listRooms: room.listRooms,
  createRoom: room.createRoom,
  groupInfo: room.groupInfo,
  postCommit: room.postCommit,
  postNotice: room.postNotice,
  attest: room.attest,
  lastNumber: room.lastNumber,
  readLog: room.readLog,
  readNotebook: notebook.readNotebook,
  writeNotebook: notebook.writeNotebook,
  addAccountKey: notebook.addAccountKey,
  writeProfile: notebook.writeProfile,
  readProfile: notebook.readProfile,
} as const

export type Routes = typeof routes
export type RouteName = keyof Routes
