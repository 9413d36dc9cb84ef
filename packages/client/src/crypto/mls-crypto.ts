/** The one implementation of the crypto port. Loading it on an unpatched library throws. */
import "./patched.ts"
import { openRoomState } from "@teahouse/judge/open.ts"
import { accountCrypto } from "./account.ts"
import { deviceCrypto } from "./device.ts"
import { linkKeys } from "./link.ts"
import { commit } from "./mls/commit.ts"
import { create, groupInfo } from "./mls/create.ts"
import {
  attestation,
  epochAuthenticator,
  openEphemeral,
  sameGroupInfo,
  sealEphemeral,
  shown,
} from "./mls/epoch.ts"
import { join, joinExternally, welcomeRefs } from "./mls/join.ts"
import { openMessage, sealMessage } from "./mls/message.ts"
import { process } from "./mls/process.ts"
import { decodeRoom, encodeRoom, sentUpTo } from "./mls/state.ts"
import { passwordCrypto, STRETCHING } from "./password.ts"
import type { Crypto, Stretching } from "./port.ts"
import { sealedCrypto } from "./sealed.ts"
import { fileCrypto } from "./stream.ts"

/** `minimum`: the least stretching that is accepted; lower than the default only in tests and benches. */
export const createCrypto = (minimum: Stretching = STRETCHING): Crypto => ({
  account: accountCrypto,
  password: passwordCrypto(minimum),
  device: deviceCrypto,
  sealed: sealedCrypto,
  file: fileCrypto,
  link: { keys: linkKeys },
  room: {
    create,
    commit,
    groupInfo,
    sameGroupInfo,
    welcomeRefs,
    join,
    joinExternally,
    look: (bytes, house, room, generation) => openRoomState(bytes, { house, room, generation }),
    process,
    sealMessage,
    openMessage,
    sentUpTo,
    sealEphemeral,
    openEphemeral,
    epochAuthenticator,
    attestation,
    shown,
    encode: encodeRoom,
    decode: decodeRoom,
  },
})

export const mlsCrypto: Crypto = createCrypto()
