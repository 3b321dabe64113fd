/** People, how they sign in, and their tokens. Imports `data` and `platform`. */
export * from './identity.module.js'
export * from './invitations.js'
export { hashPassword } from './passwords.js'
