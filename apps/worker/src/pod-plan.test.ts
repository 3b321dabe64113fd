import { describe, expect, test } from '@jest/globals'
import { plannedFor } from './pod-plan.js'

const limits = { memoryMb: 256, cpus: 0.5, pids: 64, diskMb: 64 }
const graders = { memoryMb: 256, cpus: 1, pids: 128, diskMb: 64 }

describe('what is kept ready for open labs', () => {
  test('one of each kind of container, and some of what most labs need', () => {
    const small = { ...limits, memoryMb: 64 }
    const kinds = [
      { imageTag: 'a', limits, exec: true, script: false, labs: 3 },
      { imageTag: 'b', limits: small, exec: true, script: true, labs: 2 },
      { imageTag: 'a', limits, exec: true, script: true, labs: 1 },
      { imageTag: 'b', limits, exec: false, script: true, labs: 1 },
    ]
    expect(plannedFor({ kinds })).toEqual([
      { request: { image: 'a', role: 'learner', limits }, atLeast: 12 },
      // Its graders are alike whatever the learner is allowed.
      { request: { image: 'b', role: 'grader', limits: graders }, atLeast: 1 },
      { request: { image: 'b', role: 'learner', limits: small }, atLeast: 1 },
      { request: { image: 'a', role: 'grader', limits: graders }, atLeast: 1 },
    ])
  })

  test('nothing while no lab is open', () => {
    expect(plannedFor({ kinds: [] })).toEqual([])
  })
})
