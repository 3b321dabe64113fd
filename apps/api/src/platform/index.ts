/**
 * What every room of the API stands on. Imports `data`, contracts and domain; no other room of the API.
 *
 * A route:      @Controller()
 *               class CohortsController {
 *                 @Endpoint(routes.createCohort, { location: (made) => `/cohorts/${made.id}` })
 *                 create({ body, caller }: Input<typeof routes.createCohort>) { return this.cohorts.create(caller, body) }
 *               }
 *               One argument; body and query are validated, ids and slugs in the path are well-formed, the caller is allowed.
 *               `cohort` is { id, course, role } for routes with :cohort, :submission or :attempt; `access` says whether the
 *               caller owns the thing and whether they are staff. The answer goes through the response schema: times are
 *               strings (`date.toISOString()`). Options: `bodyLimit`, `nulAllowed`, `location`. Errors that are expected:
 * A problem:    throw new Problem('lab_closed', { detail: '...', errors: [{ path: 'files.0.path', message: '...' }] })
 * The database: constructor(private readonly database: Database) — from `../data/index.js`.
 *               database.query<Row>(sql, [..]) and database.one<Row>(sql, [..]); write the columns in snake_case, and
 *               JSON.stringify what goes into jsonb (pg makes a Postgres array of a JavaScript array).
 *               database.transaction(async (tx) => { await tx.query(..); tx.manager.insert(Entity, {..}) })
 * A list:       decodeCursor(query.cursor, isId), ask for limit + 1 rows, toPage(rows, limit, keyOf, toItem)
 * Live events:  const stream = this.eventStreams.open(); stream.onClose(unsubscribe); stream.send('snapshot', data); return stream.readable
 *               on a route with `produces: 'text/event-stream'`.
 * Settings:     @Inject(CONFIGURATION) configuration: Configuration; secrets are `Secret`, `.reveal()` where they are used.
 * Redis:        @Inject(REDIS) redis: Redis for short commands (fails fast); queues connect for themselves, by configuration.REDIS_URL.
 * Logs:         @Inject(LOGGER) log: Logger (pino).
 */
export * from './authentication.js'
export * from './caller.js'
export * from './config.js'
export * from './endpoint.js'
export * from './event-streams.js'
export * from './heartbeats.js'
export * from './logging.js'
export * from './handlers-check.js'
export * from './page.js'
export * from './platform.module.js'
export * from './problem.js'
export * from './redis.js'
export * from './secrets.js'
export * from './server.js'
