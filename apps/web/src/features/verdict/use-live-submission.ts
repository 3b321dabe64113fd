import { submissionEvents, type Submission } from '@cooperage/contracts'
import { isFinal } from '@cooperage/domain'
import { skipToken, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { keys, submissionQuery, urlOf } from '../../api/index.js'
import { addStage, applyEvent, parseEvent, type StageEntry } from './live-events.js'

export type LiveSubmission = ReturnType<typeof useLiveSubmission>
export type Connection = 'connecting' | 'open' | 'lost'
const noStages: StageEntry[] = []
const pollMs = 2000
/** A proxy on the way may hold an open stream back; this finds the verdict all the same. */
const slowPollMs = 10_000
const reopenMs = [1000, 2000, 5000, 10_000]
const stagesKey = (submission: string) => ['submission-stages', submission] as const

/**
 * A submission, followed by events until its verdict; by polling while the stream is not there.
 * `fresh`: just submitted, so follow it before anything else is known of it. Without an id nothing is read.
 */
export function useLiveSubmission(id: string | undefined, fresh = false) {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')
  const query = useQuery({
    ...submissionQuery(id ?? ''),
    enabled: id !== undefined,
    refetchInterval: ({ state }) =>
      state.data && isFinal(state.data.status) ? false : connection === 'open' ? slowPollMs : pollMs,
  })
  const stages = useQuery({ queryKey: stagesKey(id ?? ''), queryFn: skipToken, initialData: noStages })
  const status = query.data?.status
  const follow = status === undefined ? fresh : !isFinal(status)

  // Reason: an event stream is a resource outside React, open for as long as this submission is shown without a verdict.
  useEffect(() => {
    if (!follow || id === undefined) return
    return followSubmission(client, id, setConnection)
  }, [client, id, follow])

  return { ...query, stages: stages.data ?? noStages, connection }
}

/** Opens the stream and writes what comes to the query cache. Answers the function that ends it. */
function followSubmission(
  client: QueryClient,
  id: string,
  onConnection: (now: Connection) => void,
): () => void {
  const key = submissionQuery(id).queryKey
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  let ended = false

  const end = () => {
    ended = true
    clearTimeout(timer)
    source?.close()
  }
  const take = (name: keyof typeof submissionEvents, data: string) => {
    const event = parseEvent(name, data)
    if (!event || ended) return
    if (event.event === 'stage')
      client.setQueryData<StageEntry[]>(stagesKey(id), (stages = []) => addStage(stages, event.data))
    // An answer under way is older than this event.
    void client.cancelQueries({ queryKey: key, exact: true })
    const after = client.setQueryData<Submission>(key, (known) => applyEvent(known, event))
    // The server ends the stream after the verdict; without this the browser would open it again.
    if (after && isFinal(after.status)) end()
  }
  const open = () => {
    const opened = new EventSource(urlOf('submissionEvents', { params: { submission: id } }))
    source = opened
    opened.addEventListener('open', () => {
      failures = 0
      onConnection('open')
    })
    opened.addEventListener('error', () => {
      onConnection('lost')
      // The browser reconnects after a broken connection, but gives up after an error answer.
      if (opened.readyState !== EventSource.CLOSED || ended) return
      timer = setTimeout(open, reopenMs[Math.min(failures++, reopenMs.length - 1)])
    })
    for (const name of Object.keys(submissionEvents) as (keyof typeof submissionEvents)[])
      opened.addEventListener(name, (message: MessageEvent<string>) => take(name, message.data))
  }
  open()
  return () => {
    end()
    const known = client.getQueryData(key)
    // Whoever found the verdict, the stream or a poll: lists and progress have changed with it.
    if (known && isFinal(known.status)) void client.invalidateQueries({ queryKey: keys.cohort(known.cohort) })
  }
}
