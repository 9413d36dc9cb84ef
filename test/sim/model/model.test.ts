import { randomBytes } from "node:crypto"
import { roomsContract } from "@teahouse/client/crypto/rooms.contract.ts"
import { modelCrypto } from "./crypto.ts"

roomsContract(modelCrypto((length) => new Uint8Array(randomBytes(length))))
