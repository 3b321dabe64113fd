import type { SelfTestReport } from '@cooperage/contracts'
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm'
import { User } from './identity.entities.js'

/** A lab host, by the id that is derived from its engine's. */
@Entity('lab_host')
export class LabHost {
  @PrimaryColumn('text') id: string
  @Column('text') name: string
  @Column('text') engine: string
  /** The last report of each scope. */
  @Column('jsonb', { nullable: true }) quickReport: SelfTestReport | null
  @Column('jsonb', { nullable: true }) fullReport: SelfTestReport | null
  /** Since when an admin waits for a full report; null: nobody does. */
  @Column('timestamptz', { nullable: true }) requestedAt: Date | null
  /** When a worker of it last reported or asked for orders. */
  @Column('timestamptz') seenAt: Date
}

/** A row of a host's self-test that did not hold, and that an admin lets labs run with. */
@Entity('accepted_risk')
export class AcceptedRisk {
  @ForeignKey(() => LabHost)
  @PrimaryColumn('text')
  hostId: string
  @PrimaryColumn('text') row: string
  @Column('text') reason: string
  @ForeignKey(() => User)
  @Column('uuid')
  acceptedBy: string
  @Column('timestamptz', { default: () => 'now()' }) acceptedAt: Date
}
