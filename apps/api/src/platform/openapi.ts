import { apiPrefix, Problem, routes, type Permission, type Route } from '@cooperage/contracts'
import { z } from 'zod'
import { needsNobody } from './endpoint.js'

type Json = Record<string, unknown>

const audience: Record<Permission, string> = {
  anyone: 'Anyone.',
  'signed-in': 'Anyone who is signed in.',
  admin: 'Admins.',
  instructor: 'Admins and instructors.',
  'course-reader': 'People of a cohort of the course, instructors, admins.',
  'cohort-member': 'People of the cohort, admins.',
  'cohort-submitter': 'People of the cohort.',
  'cohort-staff': 'Instructors and assistants of the cohort, admins.',
  'cohort-instructor': 'Instructors of the cohort, admins.',
  'submission-reader': 'The owner of the submission, staff of its cohort, admins.',
  'submission-staff': 'Staff of the cohort of the submission, admins.',
  'attempt-reader': 'The owner of the attempt, staff of its cohort, admins.',
  'attempt-owner': 'The owner of the attempt.',
  'attempt-staff': 'Staff of the cohort of the attempt, admins.',
  worker: 'Lab hosts.',
}

/** OpenAPI 3.1 of the contract: nothing in it is written by hand. */
export function openApiDocument(publicUrl: string): Json {
  const paths: Record<string, Json> = {}
  for (const [name, route] of Object.entries<Route>(routes)) {
    const path = apiPrefix + route.path.replace(/:([a-z]+)/gi, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cooperage',
      version: '1',
      description:
        'Errors are problems (RFC 9457). Lists are pages: ask again with `cursor` until `nextCursor` is null. ' +
        'POSTs that create honour `Idempotency-Key`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: { Problem: schemaOf(Problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'cooperage_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}

function operation(name: string, route: Route): Json {
  const parameters = [...pathParameters(route.path), ...queryParameters(route.query)]
  return {
    operationId: name,
    summary: route.summary,
    description: audience[route.who],
    tags: [route.path.split('/')[1]],
    security: needsNobody(route.who) ? [] : [{ session: [] }, { token: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }
      : {}),
    responses: {
      [route.status]: success(route),
      default: {
        description: 'A problem',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function success(route: Route): Json {
  const description = { 200: 'Done', 201: 'Created', 202: 'Accepted', 204: 'Done' }[route.status]
  if (route.produces) return { description, content: { [route.produces]: { schema: { type: 'string' } } } }
  if (!route.response) return { description }
  return { description, content: { 'application/json': { schema: schemaOf(route.response, 'output') } } }
}

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/:([a-z]+)/gi)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }))
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}
