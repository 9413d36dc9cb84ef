/**
 * What one person, device, room or frame may use. All of them are defaults of the server's configuration, except
 * those that formats or clients depend on (marked fixed): raising them alone would break older clients.
 */
const KiB = 1024
const MiB = 1024 * KiB

export const limits = {
  /** UTF-8 bytes of a message's text (fixed). */
  textBytes: 64 * KiB,
  /** Bytes of one message entry as stored, sealed and padded. */
  messageBytes: 256 * KiB,
  /** Bytes of a request that carries a commit, its GroupInfo and welcome (HTTP). */
  commitRequestBytes: 4 * MiB,
  /** Bytes of such large bodies and of history segments that one device may have begun to send at the same time. */
  deviceBodyBytes: 64 * MiB,
  /** Bytes of any other HTTP body. */
  requestBytes: 256 * KiB,
  /** Bytes of one socket frame, in either direction. */
  frameBytes: 1 * MiB,
  /** Messages in one `send` frame. */
  sendItems: 64,
  /** Bytes waiting for one socket before it is cut off. */
  socketQueueBytes: 4 * MiB,
  /** Rooms in one `subscribe` frame. */
  subscribeRooms: 500,
  addsPerCommit: 128,
  roomDevices: 1000,
  userDevices: 20,
  newDevicesPerDay: 5,
  /** Of one owner, tokens that wait included; how long a token waits (ms). */
  botsPerUser: 20,
  botTokenMs: 7 * 86_400_000,
  oneTimeKeyPackages: 100,
  keyPackageBytes: 4 * KiB,
  /** A friend request's first line, UTF-8 bytes before sealing (fixed). */
  firstLineBytes: 1 * KiB,
  requestsPerDay: 20,
  /** The sealed name and picture of a group that a join link shows. */
  previewBytes: 48 * KiB,
  /** Notices by which somebody goes, with a room's GroupInfo: no more than one commit can bring. */
  noticesShown: 64,
  /** Requests to join by link that wait in one room. */
  joinRequests: 200,
  /** Seconds; one-time key packages and the last-resort one. */
  keyPackageLifetime: 60 * 86_400,
  lastResortLifetime: 180 * 86_400,
  notebookRecordBytes: 64 * KiB,
  notebookRecords: 20_000,
  /** Sealed history that the house keeps (http/history.ts): of one segment, of all current ones of an account. */
  historySegmentBytes: 12 * MiB,
  historyBytesPerUser: 1024 * MiB,
  /** Rows of an account, deleted segments included: of 256 entries each. */
  historySegments: 200_000,
  /** How long the version that a write replaced is kept (ms). */
  historyPreviousMs: 30 * 86_400_000,
  /** By one device. A new one fetches hundreds. */
  historyWritesPerSecond: 2,
  historyWriteBurst: 60,
  historyReadsPerSecond: 50,
  historyReadBurst: 400,
  profileBytes: 256 * KiB,
  sendsPerSecond: 20,
  sendBurst: 100,
  /** Guesses at one account's password: from one network, and from all of them together. */
  signInsPerMinuteAccount: 5,
  signInsPerMinuteName: 60,
  signInsPerMinuteAddress: 20,
  requestsPerSecondAddress: 50,
  requestBurstAddress: 500,
  /** Sockets that one network holds at a time, and as many other connections. */
  connectionsPerAddress: 1_000,
  /** What the house has to judge (rooms, commits, requests, key packages): of each kind, by one device. */
  heavyPerMinute: 20,
  heavyBurst: 40,
  /** Fetching a person's key packages, by one device: as many at once as one commit can add. */
  claimsPerMinute: 60,
  claimBurst: 128,
  /** Looking up people by name and groups by link, by one person: too few for walking through a list of names. */
  findsPerMinute: 30,
  /** New rooms by one person, other than those of friend requests. */
  roomsPerDay: 100,
  /** Commits by one device in one room: one per this many ms, after a burst. */
  commitIntervalMs: 10_000,
  commitBurst: 3,
  /** After a commit a room takes only messages and removals: the longer of this and so long for each leaf (ms). */
  commitQuietMs: 1_000,
  commitQuietPerLeafMs: 5,
  /** A room's next generation: at most one in this time, and by a plain member only after a complaint has stood for so long (ms). */
  generationIntervalMs: 3_600_000,
  generationPatienceMs: 24 * 3_600_000,
  usernameMin: 2,
  usernameMax: 32,
  usernameBytes: 96,
  passwordMin: 8,
  passwordMaxBytes: 1 * KiB,
  sessionDays: 90,
  /** A log range read at once: entries and bytes. */
  logRangeEntries: 512,
  logRangeBytes: 768 * KiB,
  /** Bytes of one file, at most 2 GiB (http/blob.ts), and of all ciphertexts of one account. */
  fileBytes: 512 * MiB,
  userFileBytes: 5 * 1024 * MiB,
  /** Begun and not finished, of one account. */
  openUploads: 100,
  /** How long an upload may rest, and a blob may lie without an entry that refers to it (ms). */
  looseBlobMs: 24 * 3_600_000,
  /** How long after it was sent a message may be recalled (ms); the house allows for slow lines by `recallGraceMs` more. */
  recallWindowMs: 120_000,
  recallGraceMs: 60_000,
  /** Sessions are read again from the database at least this often (ms). */
  sessionRecheckMs: 15_000,
} as const

export type Limits = { -readonly [K in keyof typeof limits]: number }
