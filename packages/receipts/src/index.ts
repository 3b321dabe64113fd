/** Grade receipts: the keys, signing and verifying. Only this room knows how a receipt is signed. Imports contracts. */
export { KeyRing, type KeyRingOptions } from './key-ring.js'
export { rotateKeys } from './rotation.js'
export { KeyRingFault } from './ring-file.js'
export { maxReceiptBytes, verifyReceipt, type Verification } from './verification.js'
