import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm'
import { User } from './identity.entities.js'

@Entity('idempotency_key')
export class IdempotencyKey {
  @ForeignKey(() => User)
  @PrimaryColumn('uuid')
  userId: string
  @PrimaryColumn('text') key: string
  /** Method and path as called. */
  @Column('text') route: string
  /** sha256 of the request's body as validated, hex. */
  @Column('text') requestHash: string
  /** Null while the first request is being answered. */
  @Column('integer', { nullable: true }) status: number | null
  /** The answer, encrypted: a created token is in it, and tokens are stored nowhere in clear. */
  @Column('bytea', { nullable: true }) response: Buffer | null
  /** Until when the first request may take; after that it is taken for lost. */
  @Column('timestamptz') leasedUntil: Date
  @Index()
  @Column('timestamptz')
  expiresAt: Date
}

@Entity('audit_event')
export class AuditEvent {
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => User)
  @Index()
  @Column('uuid', { nullable: true })
  actorId: string | null
  /** As in `user.created`. */
  @Column('text') action: string
  /** What it was done to, as in `user:<id>`. */
  @Column('text') subject: string
  @Column('jsonb', { default: {} }) detail: Record<string, unknown>
  @Column('timestamptz', { default: () => 'now()' }) at: Date
}
