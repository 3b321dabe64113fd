/** Health for supervisors and load balancers. Imports `data` and `platform`. */
export * from './health.module.js'
