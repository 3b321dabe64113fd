/** A table of requests that must each be refused: every route of the contract, taken apart by what can be wrong with it. */
import { apiPrefix, routes, type Route } from '@cooperage/contracts'
import { json, nowhere, type HostileCase, type Who } from './hostile-case.js'
import { hostileSubmissions } from './hostile-submissions.js'

/** Ids of things that exist: the learner's own, in a cohort that the stranger is not in. */
export interface Existing {
  cohort: string
  submission: string
  attempt: string
  learner: string
}

const all = Object.entries<Route>(routes)
const pathOf = (route: Route, params: Record<string, string>) =>
  apiPrefix + route.path.replace(/:([a-z]+)/gi, (_, name: string) => params[name] ?? nowhere)

const names = { course: 'grading', lesson: 'start', lab: 'greet', question: 'why-files', token: nowhere }

/** Who passes the guard of a route, so that what is wrong with the request itself is reached. */
function mayCall(route: Route): Who {
  switch (route.who) {
    case 'anyone':
      return 'nobody'
    case 'admin':
      return 'admin'
    case 'instructor':
    case 'cohort-staff':
    case 'cohort-instructor':
    case 'submission-staff':
    case 'attempt-staff':
      return 'instructor'
    default:
      return 'learner'
  }
}

export function hostileCases(existing: Existing): HostileCase[] {
  const params = { ...names, ...existing }
  return [
    ...all.flatMap(([name, route]) => unknownThings(name, route, params)),
    ...all.flatMap(([name, route]) => people(name, route, params)),
    ...all.flatMap(([name, route]) => (route.body ? bodies(name, route, pathOf(route, params)) : [])),
    ...all.flatMap(([name, route]) => (route.query ? queries(name, route, pathOf(route, params)) : [])),
    ...hostileSubmissions(`${apiPrefix}/cohorts/${existing.cohort}/labs/greet/submissions`),
    ...marks(existing),
    ...addresses(existing),
    ...origins(existing),
  ]
}

function unknownThings(name: string, route: Route, params: Record<string, string>): HostileCase[] {
  const ids = ['cohort', 'submission', 'attempt'].filter((id) => route.path.includes(`:${id}`))
  const wrong = [nowhere, 'no-uuid', '1', "1'%20OR%20'1'='1", '%00', 'null', '-1', '%F0%9F%90%B3']
  const body = route.body ? '{}' : undefined
  return ids.flatMap((id) =>
    wrong.map((value) => ({
      name: `${name}: ${id} ${value}`,
      method: route.method,
      path: pathOf(route, { ...params, [id]: value }),
      who: mayCall(route),
      ...(body === undefined ? {} : { headers: json, body }),
    })),
  )
}

function people(name: string, route: Route, params: Record<string, string>): HostileCase[] {
  const base = { method: route.method, path: pathOf(route, params) }
  const cases: HostileCase[] = []
  if (route.who !== 'anyone') cases.push({ ...base, name: `${name}: without signing in`, who: 'nobody' })
  if (/^(cohort|submission|attempt)-/.test(route.who))
    cases.push({ ...base, name: `${name}: of a cohort one is not in`, who: 'stranger' })
  if (/^(admin|instructor|.*-staff|cohort-instructor)$/.test(route.who))
    cases.push({ ...base, name: `${name}: as a learner`, who: 'learner' })
  return cases
}

function bodies(name: string, route: Route, path: string): HostileCase[] {
  const base = { method: route.method, path, who: mayCall(route) }
  const limit = name === 'submit' ? (8 << 20) + 1 : (256 << 10) + 1
  const of = (what: string, body: string | Buffer, headers: Record<string, string> = json) => ({
    ...base,
    name: `${name}: ${what}`,
    headers,
    body,
  })
  return [
    of('an array', '[]'),
    of('a text', '"text"'),
    of('a number', '42'),
    of('an unknown field', '{"hostile": true}'),
    of('every field of the wrong type', wrongTypes),
    of('cut off', '{"files": [{"path": "a"'),
    of('not JSON', 'files=1'),
    of('a prototype', '{"__proto__": {"role": "admin"}}'),
    of('a field named constructor', '{"constructor": 1}'),
    of('a constructor', '{"constructor": {"prototype": {"role": "admin"}}}'),
    of('deep nesting', '['.repeat(50_000) + ']'.repeat(50_000)),
    of('deep objects', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)),
    of('invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])),
    of('too large', Buffer.alloc(limit, ' ')),
    of('text/plain', '{}', { 'content-type': 'text/plain' }),
    of('a form', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
    of('XML', '<a/>', { 'content-type': 'application/xml' }),
    of('a type that is none', '{}', { 'content-type': ';;;' }),
  ]
}

/** Each field of any body, as something that it never is. */
const wrongTypes = JSON.stringify(
  Object.fromEntries(
    'email password name role expiresAt course startsAt endsAt code completed opensAt dueAt closesAt maxAttempts late files answer selfMarks marks comment'
      .split(' ')
      .map((field) => [field, { wrong: [1] }]),
  ),
)

function queries(name: string, route: Route, path: string): HostileCase[] {
  const common = [
    'limit=0',
    'limit=-1',
    'limit=abc',
    'limit=1e9',
    'limit=1&limit=2',
    'limit=1.5',
    'unknown=1',
    'constructor=1',
    '__proto__=1',
  ]
  const learner = route.path.endsWith('/submissions') || route.path.endsWith('/attempts')
  const wrong = [
    ...common,
    ...(name === 'myProgress'
      ? ['', 'cohort=1', 'cohort=', `cohort=${nowhere}`]
      : ['cursor=%00', 'cursor=abc', `cursor=${'a'.repeat(300)}`]),
    ...(learner ? ['learner=1', 'learner=', `learner=${nowhere}&learner=${nowhere}`] : []),
  ]
  return wrong.map((query) => ({
    name: `${name}?${query.slice(0, 40)}`,
    method: route.method,
    path: `${path}?${query}`,
    who: mayCall(route),
  }))
}

function marks({ attempt }: Existing): HostileCase[] {
  const wrong: unknown[] = [
    { invented: 1 },
    { first: 2 },
    { first: -1 },
    { first: '1' },
    { first: null },
    { constructor: 1 },
    { 'No Slug': 1 },
    { '': 1 },
    [1],
  ]
  return wrong.flatMap((given) => [
    {
      name: `selfMark: ${JSON.stringify(given)}`,
      method: 'PATCH',
      path: `${apiPrefix}/attempts/${attempt}`,
      who: 'learner' as const,
      headers: json,
      body: JSON.stringify({ selfMarks: given }),
    },
    {
      name: `review: ${JSON.stringify(given)}`,
      method: 'PATCH',
      path: `${apiPrefix}/attempts/${attempt}/review`,
      who: 'instructor' as const,
      headers: json,
      body: JSON.stringify({ marks: given, comment: '' }),
    },
  ])
}

function addresses({ cohort }: Existing): HostileCase[] {
  const get = (path: string): HostileCase => ({
    name: `GET ${path.slice(0, 60)}`,
    method: 'GET',
    path,
    who: 'learner',
  })
  return [
    ...[
      '/nothing',
      '/',
      '/cohorts/%',
      '/cohorts/%zz',
      '/cohorts/%c0%ae%c0%ae',
      '/cohorts/%00',
      '/cohorts/..%2f..%2fetc',
      '/cohorts//progress',
      `/cohorts/${cohort}%00`,
      `/cohorts/${cohort}/labs/%2e%2e/submissions`,
      `/cohorts/${'x'.repeat(2000)}`,
      '/courses/grading/lessons/..%2f..%2fcourse.yaml',
      '/courses/grading/assets/..%2f..%2fcourse.yaml',
      '/courses/grading/labs/greet/checks/names.sh',
      '/courses/grading/labs/constructor',
      '/courses/__proto__',
      '/internal/labs/x/bundle',
    ].map((path) => get(apiPrefix + path)),
    ...['DELETE', 'PUT', 'PATCH', 'POST'].map((method) => ({
      ...get(`${apiPrefix}/cohorts/${cohort}`),
      name: `${method} where only GET is`,
      method,
    })),
    { ...get(`${apiPrefix}/me`), name: 'an invented method', method: 'PROPFIND' },
    {
      ...get(`${apiPrefix}/internal/labs/${'0'.repeat(64)}/bundle`),
      name: 'a lab bundle with a token that is not the hosts’',
      who: 'nobody',
      headers: { authorization: 'Bearer guessed' },
    },
    ...['Bearer', 'Bearer x', 'Bearer coop_x', 'Basic YTpi', 'bearer null'].map((authorization) => ({
      ...get(`${apiPrefix}/me`),
      name: `authorization ${authorization}`,
      who: 'nobody' as const,
      headers: { authorization },
    })),
    {
      ...get(`${apiPrefix}/me`),
      name: 'a cookie that is made up',
      who: 'nobody',
      headers: { cookie: 'cooperage_session=x' },
    },
  ]
}

function origins({ cohort }: Existing): HostileCase[] {
  const submit = `${apiPrefix}/cohorts/${cohort}/labs/greet/submissions`
  const body = JSON.stringify({ files: [{ path: 'greet.sh', content: 'x' }] })
  const from = (name: string, headers: Record<string, string>): HostileCase => ({
    name: `from ${name}`,
    method: 'POST',
    path: submit,
    who: 'cookie',
    headers: { ...json, ...headers },
    body,
  })
  return [
    from('another site', { origin: 'https://evil.test' }),
    from('nowhere', { origin: 'null' }),
    from('the same name at another port', { origin: 'http://learn.test:81' }),
    from('the same name over another scheme', { origin: 'https://learn.test' }),
    from('a name that begins alike', { origin: 'http://learn.test.evil.test' }),
    from('a cross-site request without an origin', { 'sec-fetch-site': 'cross-site' }),
    {
      ...from('another site, to log out', { origin: 'https://evil.test' }),
      path: `${apiPrefix}/auth/logout`,
      body: '',
    },
  ]
}
