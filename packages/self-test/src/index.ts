/**
 * The sandbox self-test: attacks on a pod of this very host, told row by row. Knows the sandbox's port and the grading, not Docker.
 * Imports contracts, domain, grading, sandbox.
 */
export { doubtfulRows, runSelfTest, tryAgain, type SelfTestOptions } from './self-test.js'
