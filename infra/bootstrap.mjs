#!/usr/bin/env node
// The first thing that runs: on a machine with nothing but Node and npm, with no node_modules yet.
// So this file and boot/ are plain JavaScript that imports nothing but Node; the launcher proper is
// TypeScript in src/, which is built here and then runs in this same process.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `Cooperage needs Node 20.19 or newer, and this is Node ${process.versions.node}. ` +
      'Install a newer one (https://nodejs.org/en/download) and run the command again.\n',
  )
  process.exit(1)
}
if (process.platform !== 'linux') {
  process.stderr.write(
    `Cooperage runs on Linux, since its labs are Linux containers, and this is ${process.platform}. ` +
      'Run it in a Linux virtual machine (on Windows: in WSL 2).\n',
  )
  process.exit(1)
}

const { boot } = await import('./boot/boot.mjs')
await boot(process.argv.slice(2))
