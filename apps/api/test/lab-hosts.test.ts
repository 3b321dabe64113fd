/** Lab hosts: reports of workers, and the risks that an admin accepts by name. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  apiPrefix,
  LabHostOrders,
  workersKey,
  type LabHost,
  type SelfTestReport,
  type SelfTestRow,
  type WorkerHeartbeat,
} from '@cooperage/contracts'
import { REDIS } from '../src/platform/index.js'
import { World, workerToken, type Person } from './support/world.js'

let world: World
let admin: Person
beforeAll(async () => {
  world = await World.start()
  admin = await world.addPerson({ role: 'admin', name: 'Ada Admin' })
}, 60_000)
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(async () => {
  await world.database.query('DELETE FROM accepted_risk')
  await world.database.query('DELETE FROM lab_host')
  await world.database.query('DELETE FROM audit_event')
  await world.app.get(REDIS).del(workersKey)
})

const row = (
  id: string,
  verdict: SelfTestRow['verdict'] = 'held',
  more: Partial<SelfTestRow> = {},
): SelfTestRow => ({
  id,
  tried: `Trying ${id}`,
  happened: 'It was refused.',
  stoppedBy: 'a fence',
  verdict,
  matters: true,
  durationMs: 12,
  ...more,
})
let minute = 0
const report = (rows: SelfTestRow[], more: Partial<SelfTestReport> = {}): SelfTestReport => {
  minute += 1
  return {
    scope: 'quick',
    host: { id: 'host-1', name: 'lab-host-1', engine: 'Docker Engine 20.10' },
    startedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
    finishedAt: new Date(Date.UTC(2026, 0, 1, 0, minute, 30)).toISOString(),
    rows,
    notes: [{ id: 'gvisor', present: false, fact: 'not installed', means: 'The kernel is shared.' }],
    ...more,
  }
}
const asWorker = (method: 'get' | 'post', path: string) =>
  world.http[method](`${apiPrefix}/internal/lab-hosts${path}`).set('authorization', `Bearer ${workerToken}`)
const send = async (sent: SelfTestReport): Promise<LabHostOrders> =>
  LabHostOrders.parse((await asWorker('post', '/self-tests').send(sent).expect(200)).body)
const orders = async (): Promise<LabHostOrders> =>
  LabHostOrders.parse((await asWorker('get', '/host-1/orders').expect(200)).body)
const host = async (): Promise<LabHost> => {
  const { body } = await admin.get('/lab-hosts').expect(200)
  return body.items[0] as LabHost
}
const beat = (worker: string, more: Partial<WorkerHeartbeat> = {}) => {
  const heartbeat: WorkerHeartbeat = {
    worker,
    at: new Date().toISOString(),
    slots: 1,
    busy: 0,
    images: [],
    host: 'host-1',
    off: null,
    ...more,
  }
  return world.app.get(REDIS).hset(workersKey, worker, JSON.stringify(heartbeat))
}
const reason = 'A closed course of people we know.'
const accept = (name: string, body: object = { reason }) =>
  admin.put(`/lab-hosts/host-1/accepted-risks/${name}`, body)

describe('a report', () => {
  it('is there for an admin to see, the last one of each scope', async () => {
    expect((await admin.get('/lab-hosts').expect(200)).body).toEqual({ items: [], nextCursor: null })
    await send(report([row('fork-bomb', 'broken')]))
    const quick = report([row('fork-bomb')])
    await send(quick)
    expect(await host()).toMatchObject({ name: 'lab-host-1', quick, full: null, acceptedRisks: [] })
    const full = report([row('fork-bomb'), row('slow-one')], { scope: 'full' })
    await send(full)
    expect(await host()).toMatchObject({ quick, full })
  })

  it('keeps labs off for what matters and has not held, also when a later quick test left it out', async () => {
    expect(await send(report([row('a'), row('b', 'broken', { matters: false })]))).toEqual({
      off: null,
      fullTestRequested: false,
    })
    const { off } = await send(report([row('a'), row('slow-one', 'untried')], { scope: 'full' }))
    expect(off).toBe(
      'the sandbox self-test failed: Trying slow-one (slow-one); an admin can see it under Lab hosts',
    )
    expect((await send(report([row('a')]))).off).toBe(off)
    expect((await orders()).off).toBe(off)
    expect((await host()).off).toBe(off)
    expect((await send(report([row('a'), row('slow-one')], { scope: 'full' }))).off).toBeNull()
  })

  it('shows nothing that controls or reorders what is read', async () => {
    await send(
      report([row('a', 'broken', { happened: '\u001b[2J<b>x</b>\u202eevil' })], {
        host: { id: 'host-1', name: 'host\u0007\nname', engine: '\u202e' },
      }),
    )
    expect(await host()).toMatchObject({
      name: 'host name',
      engine: '–',
      quick: { rows: [{ happened: '[2J<b>x</b> evil' }] },
    })
  })

  it.each([
    ['a row too many', report(Array.from({ length: 201 }, (_, n) => row(`row-${n}`)))],
    ['a text too long', report([row('a', 'held', { happened: 'x'.repeat(501) })])],
    ['a name that is none', report([row('../a')])],
    ['a host that is none', report([], { host: { id: 'Host 1', name: 'x', engine: 'x' } })],
    ['a field of its own', { ...report([]), extra: 1 }],
  ])('is refused with %s', async (_, sent) => {
    await asWorker('post', '/self-tests').send(sent).expect(422)
    expect(await host()).toBeUndefined()
  })

  it('as long as it may be is taken', async () => {
    const wide = (id: string) =>
      row(id, 'held', { tried: '¾'.repeat(300), happened: '¾'.repeat(500), stoppedBy: '¾'.repeat(300) })
    await send(report(Array.from({ length: 200 }, (_, n) => wide(`row-${n}`))))
    expect((await host()).quick?.rows).toHaveLength(200)
  })

  it.each([
    ['nobody', undefined],
    ['an admin', 'admin'],
    ['a wrong token', 'wrong'],
  ])('is taken from workers only, not from %s', async (_, who) => {
    const call = (method: 'get' | 'post', path: string) => {
      const internal = `/internal/lab-hosts${path}`
      if (who === 'admin') return admin.call(method, internal)
      const asked = world.http[method](`${apiPrefix}${internal}`)
      return who ? asked.set('authorization', `Bearer ${who}`) : asked
    }
    await call('post', '/self-tests')
      .send(report([row('a', 'broken')]))
      .expect(401)
    await call('get', '/host-1/orders').expect(401)
    expect(await host()).toBeUndefined()
  })

  it('of an unknown host has no orders; a name that is none has none either', async () => {
    expect(await orders()).toEqual({ off: null, fullTestRequested: false })
    await asWorker('get', '/..%2fx/orders').expect(404)
  })
})

describe('the risk of a row', () => {
  it('is accepted by name and with a reason, which turns labs on, until it is withdrawn', async () => {
    await send(report([row('a', 'broken'), row('b', 'untried')]))
    expect((await accept('a').expect(200)).body).toMatchObject({
      off: 'the sandbox self-test failed: Trying b (b); an admin can see it under Lab hosts',
      acceptedRisks: [{ row: 'a', reason, by: { id: admin.id, name: 'Ada Admin' } }],
    })
    await accept('b').expect(200)
    expect((await orders()).off).toBeNull()
    // It stays accepted when the next test finds the same.
    expect((await send(report([row('a', 'broken'), row('b', 'broken')]))).off).toBeNull()
    await admin.call('delete', '/lab-hosts/host-1/accepted-risks/a').expect(200)
    expect((await orders()).off).toContain('(a)')
    await admin.call('delete', '/lab-hosts/host-1/accepted-risks/a').expect(404)
  })

  it.each([
    ['that held', 'held'],
    ['that does not matter', 'harmless'],
    ['that nobody knows', 'unknown'],
  ])('is not accepted for one %s', async (_, name) => {
    await send(report([row('held'), row('harmless', 'broken', { matters: false }), row('bad', 'broken')]))
    expect((await accept(name).expect(422)).body.code).toBe('validation_failed')
    expect(await host()).toMatchObject({ acceptedRisks: [] })
    expect(await world.database.query('SELECT 1 FROM audit_event')).toEqual([])
  })

  it('needs a reason, and a host', async () => {
    await send(report([row('a', 'broken')]))
    for (const body of [{}, { reason: '         x         ' }, { reason: 'x'.repeat(501) }])
      await accept('a', body).expect(422)
    await admin.put('/lab-hosts/host-2/accepted-risks/a', { reason }).expect(404)
    await admin.put('/lab-hosts/Host!/accepted-risks/a', { reason }).expect(404)
    expect((await orders()).off).not.toBeNull()
  })

  it('and who took it is written down', async () => {
    await send(report([row('a', 'broken')]))
    await accept('a').expect(200)
    await admin.call('delete', '/lab-hosts/host-1/accepted-risks/a').expect(200)
    await admin.post('/lab-hosts/host-1/self-tests').expect(202)
    const events = await world.database.query(
      'SELECT actor_id AS "actorId", action, subject, detail FROM audit_event ORDER BY at, id',
    )
    const about = { actorId: admin.id, subject: 'lab-host:host-1' }
    expect(events).toEqual([
      {
        ...about,
        action: 'lab-host.risk-accepted',
        detail: { row: 'a', tried: 'Trying a', happened: 'It was refused.', reason, by: 'Ada Admin' },
      },
      {
        ...about,
        action: 'lab-host.risk-withdrawn',
        detail: { row: 'a', by: 'Ada Admin', reasonWas: reason },
      },
      { ...about, action: 'lab-host.self-test-requested', detail: {} },
    ])
  })
})

describe('a full test', () => {
  it('is wanted from when an admin asks until its report is there', async () => {
    await send(report([row('a')]))
    await admin.post('/lab-hosts/host-2/self-tests').expect(404)
    expect((await admin.post('/lab-hosts/host-1/self-tests').expect(202)).body.fullTestRequested).toBe(true)
    expect((await orders()).fullTestRequested).toBe(true)
    expect((await send(report([row('a')]))).fullTestRequested).toBe(true)
    expect((await send(report([row('a')], { scope: 'full' }))).fullTestRequested).toBe(false)
    expect((await host()).fullTestRequested).toBe(false)
  })
})

describe('a lab host', () => {
  it('is on when one of its workers takes jobs, else it says why not', async () => {
    await send(report([row('a')]))
    expect((await host()).off).toBe('no worker is running there')
    await beat('elsewhere', { host: 'host-2' })
    await beat('not-yet', { host: null })
    expect((await host()).off).toBe('no worker is running there')
    await beat('one', { off: { cause: 'engine', reason: 'the lab engine does not answer' } })
    expect((await host()).off).toBe('the lab engine does not answer')
    await beat('two')
    expect((await host()).off).toBeNull()
  })

  it('comes in pages, by name', async () => {
    for (const [id, name] of [
      ['c', 'Alpha'],
      ['b', 'beta'],
      ['a', 'Gamma'],
    ] as const)
      await send(report([row('a')], { host: { id, name, engine: 'an engine' } }))
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query = cursor && `&cursor=${cursor}`
      const { body } = await admin.get(`/lab-hosts?limit=2${query}`).expect(200)
      names.push(...(body.items as LabHost[]).map(({ name }) => name))
      cursor = body.nextCursor as string | null
    }
    expect(names).toEqual(['Alpha', 'beta', 'Gamma'])
  })
})

describe('readiness', () => {
  const ready = async () => (await world.http.get('/health/ready')).body.dependencies.worker as string
  it('does not wait for a decision that only an admin can take, and waits for all else', async () => {
    const failed = { cause: 'self-test', reason: 'the sandbox self-test failed: X (x)' } as const
    await beat('one', { off: failed })
    const { body, status } = await world.http.get('/health/ready')
    expect([status, body.dependencies.worker]).toEqual([
      200,
      'labs are off: the sandbox self-test failed: X (x)',
    ])
    await beat('two', { off: { cause: 'testing', reason: 'the sandbox self-test runs' } })
    await world.http.get('/health/ready').expect(503)
    const [lab] = await world.database.query<{ tag: string }>(
      `SELECT lab->>'imageTag' AS tag FROM course_revision r CROSS JOIN LATERAL jsonb_array_elements(r.content->'labs') lab`,
    )
    await beat('two', { images: [lab?.tag ?? ''] })
    expect(await ready()).toBe('ok')
    await world.http.get('/health/ready').expect(200)
  })
})
