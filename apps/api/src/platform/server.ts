import cookie from '@fastify/cookie'
import { apiPrefix, type Permission } from '@cooperage/contracts'
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify'
import { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Redis } from 'ioredis'
import type { Socket } from 'node:net'
import { newId } from '../data/index.js'
import { Authentication } from './authentication.js'
import type { Configuration } from './config.js'
import { serveDocs } from './docs.js'
import { defaultBodyLimit, needsNobody } from './endpoint.js'
import { setSecurityHeaders } from './headers.js'
import type { Logger } from './logging.js'
import { allowedOrigins, refuseForeignOrigin } from './origin.js'
import { problemBody, sendProblem, toProblem } from './problem.filter.js'
import { Problem } from './problem.js'
import { limitReads } from './read-limit.js'
import { REDIS } from './redis.js'
import { serveWeb } from './web.js'

/** How long requests under way may take once the server stops. */
const lastRequestsMs = 3_000
/** How long a request may take to arrive: 8 MiB on a slow line. Without it, whoever sends no end of a body holds its memory for ever. */
const arrivalMs = 120_000

export function createAdapter(logger: Logger, configuration: Configuration): FastifyAdapter {
  const https = isHttps(configuration)
  const { TRUSTED_PROXIES } = configuration
  return new FastifyAdapter({
    // Only what these say of whom they speak for is believed: anybody can send X-Forwarded-For.
    trustProxy: TRUSTED_PROXIES.length > 0 ? TRUSTED_PROXIES : false,
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    bodyLimit: defaultBodyLimit,
    requestTimeout: arrivalMs,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: 500 },
    // What the router itself refuses, as an address that is not percent-encoded rightly.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      setSecurityHeaders(reply, https)
      sendProblem(reply, toProblem(error, request), request.id)
    },
    clientErrorHandler: refuseClient,
  })
}

export const isHttps = ({ PUBLIC_URL }: Configuration): boolean => PUBLIC_URL.startsWith('https:')

/** What is not even HTTP, or has headers that are too long, is answered before there is a request. */
function refuseClient(_error: Error, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return
  const body = JSON.stringify(problemBody(new Problem('bad_request'), newId()))
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

/** Everything between the socket and Nest's routes. Call before `app.init()`: limits hang on routes that come later. */
export async function prepareServer(
  app: NestFastifyApplication,
  configuration: Configuration,
  logger: Logger,
): Promise<void> {
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance
  const authentication = app.get(Authentication)
  const allowed = allowedOrigins(configuration)
  const https = isHttps(configuration)

  parseJsonOnly(instance)
  instance.decorateRequest('caller', null)
  instance.decorateRequest('access', null)
  instance.decorateRequest('answerStatus', null)
  instance.addHook('onRoute', (route) => {
    const limit = (route.config as { bodyLimit?: number } | undefined)?.bodyLimit
    if (limit !== undefined) route.bodyLimit = limit
  })
  instance.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id)
    setSecurityHeaders(reply, https)
    if (isOfApi(request)) void reply.header('cache-control', 'no-store')
  })
  instance.addHook('onSend', async (request, reply) => {
    if (request.answerStatus !== null) void reply.code(request.answerStatus)
  })
  instance.addHook('onResponse', async (request, reply) => logRequest(logger, request, reply))
  // A connection that a browser opened ahead of need counts as busy, and would hold up the stop until its headers are overdue.
  instance.addHook('preClose', async () => {
    setTimeout(() => instance.server.closeAllConnections(), lastRequestsMs).unref()
  })
  await instance.register(cookie)
  instance.addHook('onRequest', async (request) => {
    if (!isOfApi(request)) return
    refuseForeignOrigin(request, allowed)
    request.caller = await authentication.resolve(request)
    // The guard would say the same, but only when the whole body is read and parsed.
    const { who } = request.routeOptions.config as { who?: Permission }
    if (who !== undefined && !needsNobody(who) && !request.caller) throw new Problem('unauthenticated')
  })
  await limitReads(instance, app.get<Redis>(REDIS))
  serveDocs(app, configuration.PUBLIC_URL)
  if (configuration.WEB_ROOT) await serveWeb(instance, configuration.WEB_ROOT)
}

/** By the route that the router found: it also finds it at an address that is absolute or percent-encoded without need. */
const isOfApi = (request: FastifyRequest): boolean =>
  (request.routeOptions.url ?? request.url).startsWith(apiPrefix)

/** JSON is all that the API reads. An empty body is none, whatever the header says: some clients always send it. */
function parseJsonOnly(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error')
  instance.removeAllContentTypeParsers()
  instance.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined)
    return parse(request, body as string, done)
  })
}

/** The address as the route declares it: what is in a path can be an invitation's token. */
function logRequest(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  logger.info(
    {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      userId: request.caller?.id ?? null,
    },
    'request',
  )
}
