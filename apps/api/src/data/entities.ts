import { Cohort, Enrolment, Extension, LabProgress, LabSchedule, LessonProgress } from './cohort.entities.js'
import { CourseAsset, CourseRevision, CourseRow, LabRevision } from './course.entities.js'
import { ApiToken, Invitation, Session, User } from './identity.entities.js'
import { QuestionAttempt, QuestionProgress } from './interview.entities.js'
import { AcceptedRisk, LabHost } from './lab-host.entities.js'
import { AuditEvent, IdempotencyKey } from './platform.entities.js'
import { CheckResult, Grading, Submission } from './submission.entities.js'

export const entities = [
  User,
  Session,
  ApiToken,
  Invitation,
  CourseRow,
  CourseRevision,
  CourseAsset,
  LabRevision,
  Cohort,
  Enrolment,
  LabSchedule,
  Extension,
  LessonProgress,
  LabProgress,
  Submission,
  Grading,
  CheckResult,
  QuestionAttempt,
  QuestionProgress,
  IdempotencyKey,
  AuditEvent,
  LabHost,
  AcceptedRisk,
]
