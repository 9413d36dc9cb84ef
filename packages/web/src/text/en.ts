/**
 * Every string of the page, in English: the table that defines which strings exist. `zh-CN.ts` must have the same keys
 * with the same arguments; its type says so and the build checks it (build/translations.ts).
 *
 * Rejected: Paraglide 2.25. Without a network its compiler keeps the build alive for 30 s more (measured; telemetry off),
 * a string missing in one language does not fail it but shows the key, and what it saves here is under 6 kB.
 */

import { en as happened } from "@teahouse/client/words/happened.ts"
import type { Strings, Translation } from "@teahouse/client/words/translation.ts"
import { en as app } from "./areas/app.ts"
import { en as chat } from "./areas/chat.ts"
import { en as files } from "./areas/files.ts"
import { en as groups } from "./areas/groups.ts"
import { en as imports } from "./areas/imports.ts"
import { en as people } from "./areas/people.ts"
import { en as told } from "./areas/told.ts"

const many = (n: number, one: string, other: string) => `${n} ${n === 1 ? one : other}`

export const en = {
  ...happened,
  ...chat,
  ...files,
  ...groups,
  ...imports,
  ...people,
  ...told,
  ...app,
  appName: "Teahouse",
  slogan: "A quiet place to talk. Everything said here is end-to-end encrypted.",
  starting: "Putting the kettle on …",
  startingLong: "This takes longer than usual. Is this account open in another window?",

  // Navigation
  main: "Main",
  chats: "Chats",
  contacts: "Contacts",
  settings: "Settings",
  back: "Back",
  close: "Close",
  cancel: "Cancel",
  resizeList: "Width of the list",

  // Signing in and up
  signIn: "Sign in",
  createAccount: "Create account",
  username: "Username",
  password: "Password",
  confirmPassword: "Confirm password",
  show: "Show",
  hide: "Hide",
  signInHint: "Welcome back.",
  createHint: "Choose a name and a password. The password never leaves this device.",
  usernameHint: "2–32 Han or Latin letters, digits, _ - and .",
  passwordHint: "At least 8 characters. A few unrelated words are best.",
  strength: "Strength",
  strengthWeak: "Too easy to guess",
  strengthFair: "Fair",
  strengthGood: "Good",
  passwordsDiffer: "The two passwords are not the same.",
  fillIn: "Please fill in every field.",
  working: "Working …",
  signingIn: "Signing in …",
  creatingAccount: "Preparing your keys …",
  haveNoAccount: "New here?",
  haveAccount: "Have an account already?",
  otherAccounts: "Accounts in this browser",
  byInvitation: "This house is by invitation. Open the link you were given, or enter it here.",
  inviteCode: "Invitation link or code",
  inviteWrong: "This is not an invitation. Please copy the whole link.",
  language: "Language",

  recoveryCode: "Recovery code",
  recoveryWhy:
    "If you ever forget your password, only this code lets you in and opens your messages. Nobody else has it, and it is shown only now.",
  recoveryKeep: "Write it down or keep it in a password manager.",
  recoverySaved: "I have saved it",
  copy: "Copy",
  copied: "Copied",
  saveAsFile: "Save as a file",

  // Chats
  selfChat: "Notes to self",
  noChats: "No chats yet. Add a friend, and your chat appears here.",
  chatsComing: "Your chats are on their way here.",
  chooseChat: "Choose a chat, and take your time.",
  encryptedNote: "Messages are sealed on this device and opened only by those in the chat.",
  draftMark: "[Draft]",
  you: "You",
  unreadCount: (n: number) => many(n, "unread message", "unread messages"),
  notSentMark: "Not sent",
  emptyChat: "Nothing has been said yet. Say hello!",
  chatMissing: "This chat is not here any more.",

  // Conversation
  messages: "Messages",
  message: "Message",
  messageTo: (name: string) => `Message ${name}`,
  send: "Send",
  chatDetails: "Chat details",
  newMessages: "New",
  toLatest: "Latest messages",
  newAbove: (n: number) => `${n} new above`,
  newBelow: (n: number) => many(n, "new message", "new messages"),
  announceOne: (name: string, text: string) => `${name}: ${text}`,
  announceMany: (name: string, n: number) => `${n} new messages from ${name} and others`,
  announceSame: (name: string, n: number) => `${n} new messages from ${name}`,
  loading: "Loading …",
  deliveryWaiting: "Waiting to be sent",
  deliverySent: "Sent",
  deliveryRefused: "Not sent",
  resend: "Send again",
  discard: "Delete",
  sendFailed: "A message was not sent.",
  enterHint: "Enter sends, Shift+Enter breaks the line",
  ctrlEnterHint: "Ctrl+Enter sends",
  closedPending: (name: string) => `Waiting for ${name} to accept your request.`,
  closedPendingUnknown: "The request has not been accepted yet.",
  closedFrozen: "You are not friends at the moment, so nothing can be sent here.",
  closedRemoved: "You are no longer in this chat.",
  closedJoining: "Preparing the encryption of this chat …",
  addAgain: "Ask again to be friends",

  // Events

  // Contacts
  addFriend: "Add friend",
  addFriendHint: "Enter the exact username.",
  firstLine: "Message",
  firstLineHint: "Optional. A word about who you are.",
  sendRequest: "Send request",
  requestSent: (name: string) => `Request sent to ${name}.`,
  nowFriends: (name: string) => `You and ${name} are friends now.`,
  friendRequests: "Friend requests",
  sentRequests: "Sent requests",
  waitingForAnswer: "Waiting for an answer",
  friends: "Friends",
  accept: "Accept",
  decline: "Decline",
  noFriends: "Nobody here yet. Ask a friend for their username and add them.",
  contactsAside: "Good company makes good tea.",

  // Groups
  newGroup: "New group",
  groupName: "Group name",
  groupNameHint: "1–64 characters, sealed like messages.",
  groupNameMissing: "Please give the group a name.",
  create: "Create",
  nobodyToAdd: "There is no friend to add.",
  addMembers: "Add members",
  add: "Add",
  renameGroup: "Rename group",
  announcement: "Announcement",
  noAnnouncement: "None yet.",
  editAnnouncement: "Edit announcement",
  leaveGroup: "Leave group",
  leaveGroupAsk: (name: string) => `Leave “${name}”?`,
  leaveGroupWhy: "You read nothing that is said there later. What you have stays on your devices.",
  roleOwner: "Owner",
  roleAdmin: "Admin",
  changeMember: (name: string) => `Change ${name}`,
  makeAdmin: "Make admin",
  endAdmin: "No longer admin",
  handOver: "Hand the group over",
  removeMember: "Remove",

  // Details
  members: "Members",
  removeFriend: "Remove friend",
  removeFriendAsk: (name: string) => `Remove ${name}?`,
  removeFriendWhy: "The chat is paused for both of you. What was said stays. You can ask again later.",

  // Settings
  nickname: "Nickname",
  nicknameHint: "Friends see it instead of your username. It is encrypted.",
  /** 收藏, in the menu of a message; of two that are called alike the tests mean the later one. */
  saveMessage: "Save",
  save: "Save",
  saved: "Saved",
  theme: "Theme",
  themeSystem: "System",
  themeLight: "Light",
  themeDark: "Dark",
  languageAuto: "Browser",
  enterKey: "Sending",
  enterSends: "Enter sends, Shift+Enter breaks the line",
  ctrlEnterSends: "Ctrl+Enter or ⌘+Enter sends, Enter breaks the line",
  profile: "Profile",
  appearance: "Appearance",
  accounts: "Accounts",
  accountCurrent: "This one",
  accountSignedOut: "Signed out",
  addAccount: "Add account",
  signOut: "Sign out",
  signOutHint: "Your messages stay on this device, sealed, until you sign in again.",
  forgetDevice: "Forget this device",
  forgetAsk: "Sign out and forget this device?",
  forgetWhy:
    "Everything of this account that is stored in this browser is deleted. Messages that were not sent are lost.",
  forgetConfirm: "Sign out and forget",
  devices: "Devices",
  thisDevice: "This device",

  // Connection
  connection: "Connection",
  connecting: "Connecting …",
  notConnected: "Not connected.",
  otherVersion: "The server has another version. Reload to go on.",
  retryIn: (s: number) => `Trying again in ${s} s.`,
  waitingToSend: (n: number) => `${many(n, "message waits", "messages wait")} to be sent.`,
  reconnectNow: "Reconnect now",
  restoring: (done: number, total: number) => `Your history is on its way here: ${done} of ${total} parts.`,
  dismiss: "Dismiss",

  newVersion: "A new version is ready.",
  reload: "Reload",

  // Without a secure context
  insecureTitle: "This address is not secure",
  insecureWhy:
    "Browsers allow encryption only on https addresses and on this machine itself. Teahouse will not run without it.",
  insecureHttps: (url: string) => `Open the house under an https address, such as ${url}`,
  insecureLocal: (url: string) => `Or open it on the machine it runs on: ${url}`,
  noWorker:
    "This browser cannot run Teahouse in the background of its tabs (Worker and Web Locks). Please use a newer one.",
  crashed: "Something went wrong on this page. What you wrote is kept.",

  // Errors that arise here
  errorOffline: "There is no connection. Please try again.",
  errorSignedOut: "You are signed out.",
  errorNotFound: "It is not here any more.",
  errorStoreDamaged: "What is stored on this device is damaged. It is rebuilt from the house.",
  errorIdentityChanged:
    "This person's identity has changed. Compare the safety number with them before you go on.",
  errorHouseChanged: "The house at this address is not the one you signed in to before.",
  errorInUse: "This account is open in another place of this browser.",
  errorBusy: "Something else is still going on. Please try again in a moment.",
  errorNotAllowed: "Only the owner or an admin of this group may do this.",
  errorOwnerLeaves: "You own this group. Hand it over to somebody before you leave.",
  errorGroupName: "A group's name has 1 to 64 characters.",
  errorAnnouncement: "An announcement has at most 4,000 characters.",
} satisfies Strings

export type Text = Translation<typeof en>
