/**
 * Lab hosts and the tests of their sandboxes: what a worker reports, what an admin sees, and the risks that an admin accepts.
 * A host is an engine: its id is derived from the engine's own, so that it outlives the worker's restarts.
 */
import { z } from 'zod'
import { Id, Instant, PageQuery, pageOf, Sha256, Slug } from './primitives.js'
import { route } from './route.js'

/** One attack on a pod of that host, and what came of it. */
export const SelfTestRow = z.strictObject({
  /** The name by which an admin accepts the risk of it. */
  id: Slug,
  tried: z.string().min(1).max(300),
  happened: z.string().max(500),
  /** The fence that is there to stop it. */
  stoppedBy: z.string().min(1).max(300),
  /** `untried`: it could not be carried out, which proves nothing and counts as broken. */
  verdict: z.enum(['held', 'broken', 'untried']),
  /** Labs are off while a row that matters has not held, unless its risk is accepted. */
  matters: z.boolean(),
  durationMs: z.number().int().min(0).max(600_000),
})
export type SelfTestRow = z.infer<typeof SelfTestRow>

/** Something that a host has or lacks, and what that means for its labs. */
export const HostNote = z.strictObject({
  id: Slug,
  present: z.boolean(),
  fact: z.string().min(1).max(200),
  means: z.string().min(1).max(500),
})
export type HostNote = z.infer<typeof HostNote>

export const SelfTestReport = z.strictObject({
  /** `quick`: at a worker's start, within seconds; `full`: every attack. */
  scope: z.enum(['quick', 'full']),
  host: z.strictObject({
    id: Slug,
    /** As the engine calls its machine. */
    name: z.string().max(253),
    /** For people: version of engine, kernel, container runtime. */
    engine: z.string().max(200),
  }),
  startedAt: Instant,
  finishedAt: Instant,
  rows: z.array(SelfTestRow).max(200),
  notes: z.array(HostNote).max(50),
})
export type SelfTestReport = z.infer<typeof SelfTestReport>

export const AcceptedRisk = z.object({
  row: Slug,
  reason: z.string(),
  by: z.object({ id: Id, name: z.string() }),
  at: Instant,
})
export type AcceptedRisk = z.infer<typeof AcceptedRisk>

export const LabHost = z.object({
  id: Slug,
  name: z.string(),
  engine: z.string(),
  /** Null when labs run there; else why not. */
  off: z.string().nullable(),
  /** Of the last report of each scope; null when there is none yet. */
  quick: SelfTestReport.nullable(),
  full: SelfTestReport.nullable(),
  /** An admin asked for the full test and its report is not there yet. */
  fullTestRequested: z.boolean(),
  acceptedRisks: z.array(AcceptedRisk),
})
export type LabHost = z.infer<typeof LabHost>

export const AcceptRiskBody = z.strictObject({ reason: z.string().trim().min(10).max(500) })

/** What the API answers a worker. */
export const LabHostOrders = z.object({
  /** Null when labs may run there by the last reports and the accepted risks; else why not. */
  off: z.string().max(500).nullable(),
  /** An admin wants the full test. */
  fullTestRequested: z.boolean(),
})
export type LabHostOrders = z.infer<typeof LabHostOrders>

export const labHostsRoutes = {
  listLabHosts: route({
    method: 'GET',
    path: '/lab-hosts',
    who: 'admin',
    status: 200,
    summary: 'Lab hosts with the tests of their sandboxes',
    query: PageQuery,
    response: pageOf(LabHost),
  }),
  requestSelfTest: route({
    method: 'POST',
    path: '/lab-hosts/:host/self-tests',
    who: 'admin',
    status: 202,
    summary: 'Ask a lab host for its full self-test',
    response: LabHost,
  }),
  acceptRisk: route({
    method: 'PUT',
    path: '/lab-hosts/:host/accepted-risks/:row',
    who: 'admin',
    status: 200,
    summary: 'Accept the risk of a row that did not hold, by its name',
    body: AcceptRiskBody,
    response: LabHost,
  }),
  withdrawRisk: route({
    method: 'DELETE',
    path: '/lab-hosts/:host/accepted-risks/:row',
    who: 'admin',
    status: 200,
    summary: 'Accept that risk no longer',
    response: LabHost,
  }),
}

/** What a grading's containers were, for its receipt. */
export const SandboxFacts = z.strictObject({
  /** The engine's own id of the image: a digest of its configuration and layers. */
  imageDigest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  /** Name of the profile, and the hash of all that it says. */
  profile: z.string().min(1).max(40),
  profileHash: Sha256,
  /** As in `runc` or `runsc`. */
  runtime: z.string().min(1).max(60),
  limits: z.strictObject({
    memoryMb: z.number().int().min(1).max(1_000_000),
    cpus: z.number().min(0.01).max(10_000),
    pids: z.number().int().min(1).max(10_000_000),
    diskMb: z.number().int().min(1).max(1_000_000),
  }),
})
export type SandboxFacts = z.infer<typeof SandboxFacts>
