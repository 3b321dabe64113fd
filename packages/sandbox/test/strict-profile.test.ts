/** The profile as the engine has it: every field that was asked for, read back. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import Docker from 'dockerode'
import { readFile } from 'node:fs/promises'
import type { ContainerRole, Isolation } from '../src/index.js'
import { strictContainer, strictProfileHash } from '../src/strict-profile.js'
import { gvisorMissing, openLab, type Lab } from './lab.js'

const missing = await gvisorMissing()

const runtimes: [string, Isolation][] = [
  ['runc', 'shared-kernel'],
  ['runsc', 'gvisor'],
]
for (const [runtime, isolation] of runtimes) {
  const told = isolation === 'gvisor' && missing !== undefined ? describe.skip : describe
  told(`under ${runtime}`, () => {
    let lab: Lab
    let seccomp: string
    beforeAll(async () => {
      lab = await openLab(runtime)
      const file = new URL('../../../docker/seccomp/strict.json', import.meta.url)
      seccomp = JSON.stringify(JSON.parse(await readFile(file, 'utf8')))
    }, 180_000)
    afterAll(async () => {
      await lab?.[Symbol.asyncDispose]()
    }, 60_000)

    test.each<ContainerRole>(['learner', 'grader'])(
      'a %s is what the profile says, field for field',
      async (role) => {
        const spec = lab.spec({ role, limits: { memoryMb: 96, cpus: 0.5, pids: 33, diskMb: 17 } })
        const profile = { seccomp, runtime, isolation }
        await using started = await lab.engine.start(spec)
        expect(started.facts).toMatchObject({
          runtime,
          profile: 'strict',
          profileHash: strictProfileHash(profile),
        })
        const found = await new Docker({ socketPath: lab.host.dockerHost.slice('unix://'.length) })
          .getContainer(started.id)
          .inspect()
        const { HostConfig, Labels, NetworkDisabled, AttachStdin, ...asked } = strictContainer(
          spec,
          found.Config.Labels,
          profile,
        )

        for (const [field, value] of Object.entries(HostConfig)) {
          expect({ [field]: found.HostConfig[field as keyof typeof found.HostConfig] }).toEqual({
            [field]: value,
          })
        }
        for (const [field, value] of Object.entries({ ...asked, NetworkDisabled, AttachStdin })) {
          const config = found.Config as unknown as Record<string, unknown>
          expect({ [field]: field === 'Env' ? withoutPath(config[field]) : config[field] }).toEqual({
            [field]: value,
          })
        }
        expect(Object.keys(Labels).sort()).toEqual(
          ['created', 'installation', 'kind', 'pod', 'product', 'worker'].map((name) => `cooperage.${name}`),
        )
        // What was not asked for is not there either.
        expect(found.HostConfig).toMatchObject({
          Binds: null,
          Privileged: false,
          PidMode: '',
          UsernsMode: '',
          UTSMode: '',
          CapAdd: null,
          VolumesFrom: null,
          GroupAdd: null,
          PublishAllPorts: false,
          Devices: null,
          DeviceRequests: null,
          OomKillDisable: false,
        })
        expect(found.Mounts).toEqual([])
        expect(Object.keys(found.NetworkSettings.Networks)).toEqual([])
      },
    )
  })
}

/** The image's PATH stands beside what the profile sets. */
const withoutPath = (env: unknown) => (env as string[]).filter((entry) => !entry.startsWith('PATH='))
