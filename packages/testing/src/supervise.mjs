/**
 * Runs a service for as long as the test process lives: when standard input closes, however that process ended, the service is
 * stopped and its folder is removed. Arguments: the plan as JSON, `{ command, args, uid?, gid?, signal, folder, note? }`.
 */
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

const { command, args, uid, gid, signal, folder, note } = JSON.parse(process.argv[2])
const service = spawn(command, args, { uid, gid, cwd: folder, stdio: 'ignore' })
const finish = (code) => {
  rmSync(folder, { recursive: true, force: true })
  if (note) rmSync(note, { force: true })
  process.exit(code)
}
service.on('error', () => finish(1))
service.on('exit', (code) => finish(code ?? 1))
process.stdin.on('end', () => service.kill(signal))
process.stdin.resume()
// The terminal's Ctrl-C reaches the whole group; what counts is the end of the test process.
process.on('SIGINT', () => undefined)
