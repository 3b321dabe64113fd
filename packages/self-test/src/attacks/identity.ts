/** Who a learner's process is: no user of the host, no power, and none to be had. */
import { printed, shell } from '../arena.js'
import { broken, held, type Attack } from '../attack.js'

export const identity: readonly Attack[] = [
  {
    id: 'host-root',
    tried: 'Being root of the container, and with it root of the host',
    stoppedBy: 'user-namespace remapping of the engine',
    fences: ['user-namespaces'],
    matters: true,
    quick: true,
    async run(arena) {
      const container = await arena.container()
      const map = printed(await container.run(shell('cat /proc/self/uid_map'))).split(/\s+/)
      return arena.host.userNamespaces !== 'none' && map[1] !== '0'
        ? held(`root of the container is user ${map[1]} of the host`)
        : broken('root of the container is root of the host')
    },
  },
]
