import { mlsCrypto } from "../mls-crypto.ts"
import { roomsContract } from "../rooms.contract.ts"

roomsContract(mlsCrypto)
