/** Labels of every container: by them a sweep finds, and only finds, what belongs to this installation. */
import type { ContainerOwner, ContainerRole, ContainerSpec } from './port.js'

const PRODUCT = 'cooperage.product'
const INSTALLATION = 'cooperage.installation'
const WORKER = 'cooperage.worker'
const POD = 'cooperage.pod'
const KIND = 'cooperage.kind'
const CREATED = 'cooperage.created'

export function labelsOf(installation: string, spec: ContainerSpec, now: Date): Record<string, string> {
  return {
    [PRODUCT]: 'cooperage',
    [INSTALLATION]: installation,
    [WORKER]: spec.owner.worker,
    [POD]: spec.owner.pod,
    [KIND]: spec.role,
    [CREATED]: now.toISOString(),
  }
}

/** Filters of `GET /containers/json`. */
export function labelFilter(installation: string, worker?: string): { label: string[] } {
  const label = [`${PRODUCT}=cooperage`, `${INSTALLATION}=${installation}`]
  if (worker !== undefined) label.push(`${WORKER}=${worker}`)
  return { label }
}

/** Owner and time of creation (milliseconds since 1970; 0 when unreadable, which is older than anything). */
export function readLabels(labels: Record<string, string>): { owner: ContainerOwner; createdAt: number } {
  const kind: ContainerRole = labels[KIND] === 'grader' ? 'grader' : 'learner'
  return {
    owner: { worker: labels[WORKER] ?? '', pod: labels[POD] ?? '', kind },
    createdAt: Date.parse(labels[CREATED] ?? '') || 0,
  }
}
