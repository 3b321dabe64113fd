/** What a sweep finds by its labels, on a real engine: containers, networks and volumes, and nobody else's. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import Docker from 'dockerode'
import { labelsOf } from '../src/labels.js'
import { openLab, type Lab } from './lab.js'

let lab: Lab
let docker: Docker
beforeAll(async () => {
  lab = await openLab()
  docker = new Docker({ socketPath: lab.host.dockerHost.slice('unix://'.length) })
}, 180_000)
afterEach(async () => {
  await lab.engine.removeAll()
})
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]()
}, 60_000)

const made = new Date(Date.now() - 60_000)
const labels = (worker: string, installation = lab.installation) =>
  labelsOf(installation, lab.spec({ owner: { worker, pod: `of-${worker}` } }), made)
const network = (name: string, Labels: Record<string, string>) =>
  docker.createNetwork({ Name: name, Driver: 'bridge', Internal: true, Labels })
const volume = (Name: string, Labels: Record<string, string>) => docker.createVolume({ Name, Labels })

/** Names of what there is beside the engine's own. */
async function left(): Promise<string[]> {
  const networks = await docker.listNetworks()
  const { Volumes } = await docker.listVolumes()
  const own = new Set(['bridge', 'host', 'none'])
  const names = [...networks.map(({ Name }) => Name), ...Volumes.map(({ Name }) => Name)]
  return names.filter((name) => !own.has(name)).sort()
}

describe('a sweep', () => {
  test('removes networks and volumes whose owner is dead, and spares the living, the young and what is not ours', async () => {
    await network('dead-network', labels('dead'))
    await volume('dead-volume', labels('dead'))
    await network('living-network', labels('living'))
    await volume('living-volume', labels('living'))
    await volume('young-volume', { ...labels('dead'), 'cooperage.created': new Date().toISOString() })
    await volume('other-installation', labels('dead', 'another'))
    await volume('not-ours', {})
    const isAlive = ({ worker }: { worker: string }) => worker === 'living'
    expect(await lab.engine.sweep(isAlive, 30_000)).toBe(2)
    const spared = ['living-network', 'living-volume', 'not-ours', 'other-installation', 'young-volume']
    expect(await left()).toEqual(spared)
    expect(await lab.engine.removeAll('living')).toBe(2)
    expect(await lab.engine.removeAll()).toBe(1)
    expect(await left()).toEqual(['not-ours', 'other-installation'])
    for (const name of await left()) await docker.getVolume(name).remove()
  })

  test('takes a container before what it is attached to', async () => {
    const own = labels('dead')
    const { id } = await network('attached-network', own)
    await volume('attached-volume', own)
    const container = await docker.createContainer({
      Image: lab.image,
      Cmd: ['sleep', '300'],
      Labels: own,
      HostConfig: { NetworkMode: id, Binds: ['attached-volume:/mnt'] },
    })
    await container.start()
    expect(await lab.engine.sweep(() => false, 0)).toBe(3)
    expect(await left()).toEqual([])
  })
})
