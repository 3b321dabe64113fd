/**
 * The lab sandbox: the port (`LabEngine` and its containers) and its Docker adapter.
 * Imports no other room; nobody else imports dockerode.
 */
export * from './port.js'
export { enforcedLimits } from './runtimes.js'
export { openEngine, type EngineOptions } from './docker/engine.js'
export { readEngineTls, type EngineTls } from './docker/connection.js'
export { findGvisor, type EngineRuntime } from './docker/gvisor.js'
export { buildLabImage, LabImageFailed, type LabImageRequest } from './docker/lab-image.js'
