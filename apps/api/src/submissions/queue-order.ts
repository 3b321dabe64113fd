/**
 * The order in which waiting gradings are given to workers, as one SQL expression: the dispatcher takes from its head, and the place
 * in the queue that a learner sees is counted in it, so that the two never disagree.
 *
 * Fair means: a learner has at most one grading at the workers (`turn` counts a learner's own gradings, those at the workers
 * included); among the learners whose turn is the same, cohorts take turns (`cohort_turn`, those at the workers included); within a
 * cohort, who has waited longest since their submission or since they were last served. So a burst costs the one who made it, and
 * nobody waits behind more than one grading of each other learner.
 *
 * Columns of `place`: grading_id, submission_id, turn, place (1 is next). Only gradings not yet at the workers.
 */
const queueOrder = `
  waiting AS (
    SELECT g.id, g.submission_id, g.learner_id, s.cohort_id, g.queued_at
      FROM grading g JOIN submission s ON s.id = g.submission_id
     WHERE g.state = 'queued' AND g.dispatched_at IS NULL
  ), at_workers AS (
    SELECT g.learner_id, s.cohort_id
      FROM grading g JOIN submission s ON s.id = g.submission_id
     WHERE g.state = 'running' OR (g.state = 'queued' AND g.dispatched_at IS NOT NULL)
  ), learners AS MATERIALIZED (
    SELECT l.learner_id, coalesce(a.gradings, 0) AS gradings,
           greatest(
             (SELECT max(d.dispatched_at) FROM grading d WHERE d.learner_id = l.learner_id),
             (SELECT max(d.finished_at) FROM grading d WHERE d.learner_id = l.learner_id)) AS served_at
      FROM (SELECT DISTINCT learner_id FROM waiting) l
      LEFT JOIN (SELECT learner_id, count(*) AS gradings FROM at_workers GROUP BY 1) a USING (learner_id)
  ), cohorts AS (
    SELECT cohort_id, count(*) AS gradings FROM at_workers GROUP BY 1
  ), turns AS (
    SELECT w.id, w.submission_id, w.cohort_id,
           row_number() OVER (PARTITION BY w.learner_id ORDER BY w.queued_at, w.id) + l.gradings AS turn,
           greatest(w.queued_at, l.served_at) AS since
      FROM waiting w JOIN learners l USING (learner_id)
  ), cohort_turns AS (
    SELECT t.*,
           row_number() OVER (PARTITION BY t.cohort_id, t.turn ORDER BY t.since, t.id) + coalesce(c.gradings, 0) AS cohort_turn
      FROM turns t LEFT JOIN cohorts c USING (cohort_id)
  ), place AS (
    SELECT id AS grading_id, submission_id, turn,
           row_number() OVER (ORDER BY turn, cohort_turn, since, id)::int AS place
      FROM cohort_turns
  )`

/** `most`: SQL for how many. The next gradings, at most one for each learner, none for a learner who has one at the workers. */
export const nextInOrder = (most: string) => `
  WITH ${queueOrder}
  SELECT grading_id, place FROM place WHERE turn = 1 ORDER BY place LIMIT ${most}`

/** $1: ids of submissions. Their places, counting those that are at the workers and not started before those that are not. */
export const placesOf = `
  WITH ${queueOrder}, handed_over AS (
    SELECT submission_id, row_number() OVER (ORDER BY dispatched_at, id)::int AS place
      FROM grading WHERE state = 'queued' AND dispatched_at IS NOT NULL
  ), everyone AS (
    SELECT submission_id, place FROM handed_over
    UNION ALL
    SELECT submission_id, place + (SELECT count(*) FROM handed_over)::int FROM place
  )
  SELECT submission_id, place FROM everyone WHERE submission_id = ANY($1)`
