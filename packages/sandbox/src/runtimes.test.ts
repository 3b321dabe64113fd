import { expect, test } from '@jest/globals'
import { enforcedLimits, isolationOf } from './runtimes.js'
import { strictContainer, strictProfileHash } from './strict-profile.js'

const limits = { memoryMb: 128, cpus: 1, pids: 64, diskMb: 32 }
const spec = { image: 'i', role: 'learner', limits, owner: { worker: 'w', pod: 'p' } } as const

test.each([
  ['runc', 'runc', 'shared-kernel'],
  ['crun', '/usr/bin/crun', 'shared-kernel'],
  ['runsc', undefined, 'gvisor'],
  ['runsc-kvm', '/usr/bin/runsc', 'gvisor'],
  ['sandboxed', '/opt/gvisor/runsc', 'gvisor'],
  ['io.containerd.runc.v2', undefined, 'shared-kernel'],
] as const)('the runtime %s with the program %s is %s', (name, program, isolation) => {
  expect(isolationOf(name, program)).toBe(isolation)
})

test('what the engine enforces is the lab’s limit where the kernel is shared', () => {
  expect(enforcedLimits(limits, 'shared-kernel')).toMatchObject({ memoryMb: 128, pids: 64 })
})

test('under gVisor the host’s limits leave room for its own kernel, and processes are counted inside', () => {
  const { memoryMb, pids, nproc } = enforcedLimits(limits, 'gvisor')
  expect(memoryMb).toBeGreaterThan(128)
  expect(pids).toBeGreaterThan(512)
  expect(nproc).toBe(64)
  const { HostConfig } = strictContainer(spec, {}, { seccomp: '{}', runtime: 'runsc', isolation: 'gvisor' })
  expect(HostConfig).toMatchObject({ Runtime: 'runsc', Memory: memoryMb * 1024 ** 2, PidsLimit: pids })
  expect(HostConfig.Ulimits).toContainEqual({ Name: 'nproc', Soft: 64, Hard: 64 })
})

test('the profile’s hash tells the runtimes apart', () => {
  const hashes = (['shared-kernel', 'gvisor'] as const).map((isolation) =>
    strictProfileHash({ seccomp: '{}', isolation }),
  )
  expect(new Set(hashes).size).toBe(2)
})
