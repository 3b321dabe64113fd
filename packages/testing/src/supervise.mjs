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
// What ends the test process may be sent to all that it started: what counts here is that the test process has ended.
for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(each, () => undefined)
