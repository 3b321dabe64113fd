/** What tests share: real services to test against, the product as a user starts it, an outside client. Development only. */
export { ApiClient } from './api-client.js'
export { startProduct, type RunningProduct } from './launcher.js'
export { startTestEngine, type EngineTraces, type TestEngine, type TestEngineOptions } from './engine.js'
export { weakenEngine, type CreateBody, type WeakenedEngine } from './weaken-engine.js'
export { createTestDatabase, type TestDatabase } from './database.js'
export { startTestRedis, type TestRedis } from './redis.js'
export { freePort } from './service.js'
