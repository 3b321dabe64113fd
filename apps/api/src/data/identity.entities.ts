import type { Role } from '@cooperage/contracts'
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm'

/** The table is `"user"`: quote it in SQL, `user` alone is a function of Postgres. */
@Entity('user')
export class User {
  @PrimaryColumn('uuid') id: string
  /** Lower case: the contract's Email makes it so. */
  @Column('text', { unique: true }) email: string
  @Column('text') name: string
  @Column('text') role: Role
  /** Argon2id in PHC form; null until an invitation is accepted. */
  @Column('text', { nullable: true }) passwordHash: string | null
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
}

@Entity('session')
export class Session {
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => User)
  @Index()
  @Column('uuid')
  userId: string
  /** sha256 of the cookie's value, hex. */
  @Column('text', { unique: true }) tokenHash: string
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
  @Column('timestamptz') expiresAt: Date
}

@Entity('api_token')
export class ApiToken {
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => User)
  @Index()
  @Column('uuid')
  userId: string
  @Column('text') name: string
  @Column('text', { unique: true }) tokenHash: string
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
  @Column('timestamptz', { nullable: true }) expiresAt: Date | null
  /** To the minute: not every request writes. */
  @Column('timestamptz', { nullable: true }) lastUsedAt: Date | null
}

@Entity('invitation')
export class Invitation {
  @PrimaryColumn('uuid') id: string
  @ForeignKey(() => User)
  @Index()
  @Column('uuid')
  userId: string
  @Column('text', { unique: true }) tokenHash: string
  @Column('timestamptz', { default: () => 'now()' }) createdAt: Date
  @Column('timestamptz') expiresAt: Date
  @Column('timestamptz', { nullable: true }) usedAt: Date | null
}
