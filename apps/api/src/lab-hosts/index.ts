/** Lab hosts: what their workers report of the sandbox, and what an admin decides about it. Imports `data` and `platform`. */
export * from './lab-hosts.module.js'
