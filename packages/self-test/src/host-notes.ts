/** What a host has or lacks beyond the fences that are tested, and what that means for its labs. */
import type { HostNote } from '@cooperage/contracts'
import type { HostFacts } from '@cooperage/sandbox'

export function hostNotes(host: HostFacts): HostNote[] {
  const userNamespaces = host.userNamespaces !== 'none'
  return [
    {
      id: 'user-namespaces',
      present: userNamespaces,
      fact: userNamespaces ? `user namespaces: ${host.userNamespaces}` : 'no user-namespace remapping',
      means: userNamespaces
        ? 'Root of a container is nobody on the host.'
        : 'A way out of a container would be a way to root of the host. Set "userns-remap": "default" in the engine’s daemon.json, or run it rootless.',
    },
    {
      id: 'cgroup-v2',
      present: host.cgroupVersion === 2,
      fact: `cgroup v${host.cgroupVersion}`,
      means:
        host.cgroupVersion === 2
          ? 'A memory limit kills a whole container’s processes together, and pressure can be measured.'
          : 'All limits work; pressure of memory and CPU cannot be measured for each container.',
    },
    {
      id: 'storage-quota',
      present: host.storageQuota,
      fact: `storage driver ${host.storageDriver}`,
      means: host.storageQuota
        ? 'The layer of a container can be bounded.'
        : 'A container’s own layer has no bound. Strict pods need none: their root is read-only, and what they write is on tmpfs with a size.',
    },
    {
      id: 'gvisor',
      present: host.runtimes.includes('runsc'),
      fact: host.runtimes.includes('runsc')
        ? 'gVisor (runsc) is installed'
        : 'gVisor (runsc) is not installed',
      means: host.runtimes.includes('runsc')
        ? 'Strict pods can run under a kernel of their own: LAB_RUNTIME=runsc.'
        : 'Strict pods share the host’s kernel: a fault in it that is reachable through the allowed system calls is a way out.',
    },
    {
      id: 'security-module',
      present: host.securityModules.length > 0,
      fact:
        host.securityModules.length > 0 ? host.securityModules.join(', ') : 'neither AppArmor nor SELinux',
      means:
        host.securityModules.length > 0
          ? 'A second fence behind namespaces and capabilities.'
          : 'No mandatory access control stands behind namespaces, capabilities and seccomp.',
    },
  ]
}
