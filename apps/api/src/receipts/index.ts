/** Grade receipts: verdicts that count, signed, and the keys to check them with. Imports `data` and `platform`; packages/receipts. */
export * from './receipts.module.js'
