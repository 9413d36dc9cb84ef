/** What a command ends with, for scripts. The same numbers as the rest of the program where they mean the same. */
export const EXIT = {
  done: 0,
  /** A bug, or a disk that refused. */
  failed: 1,
  /** The command line is not right. */
  usage: 2,
  /** The house did not answer in time. */
  unreachable: 30,
  /** Name or password is wrong, or nobody is signed in. */
  notSignedIn: 31,
  /** Whoever read the output has gone. */
  pipeClosed: 32,
  /** No such friend, chat, request or profile; or several of them. */
  notFound: 33,
  /** The house or the account's rules said no. */
  refused: 34,
  /** Not stored by the house in time; it stays in the outbox and goes with the next command. */
  waiting: 35,
  /** A file cannot be read or written. */
  file: 36,
  /** What lay here is damaged: signing in with the password brings everything back from the house. */
  damaged: 37,
  /** Another process has the profile. */
  inUse: 17,
} as const
export type Exit = (typeof EXIT)[keyof typeof EXIT]
