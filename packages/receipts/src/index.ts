/** Grade receipts: the keys, signing and verifying. Only this room knows how a receipt is signed. Imports contracts. */
export {}
